/** A QR code as one path. It is black on white in every theme, as scanners need it. */

import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { encode } from "uqr";

/** Light modules around the code, as the standard requires. */
const QUIET_MODULES = 4;

/** The QR code of a text. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }): JSX.Element {
  const { path, size } = useMemo(() => {
    const { data, size } = encode(text, { border: QUIET_MODULES });
    const path = data.flatMap((row, y) => row.flatMap((isDark, x) => isDark ? [`M${x} ${y}h1v1h-1z`] : []))
      .join("");
    return { path, size };
  }, [text]);
  return (
    <svg
      class="qr"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shape-rendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
