/** Links to rooms as lines, with a QR code where there is a terminal to show it. Pure. */

import { renderQrCode } from "./qr_code.ts";
import type { FormatContext } from "./entries.ts";

/** What an answer with a link is made for. */
export interface LinkFormatContext extends FormatContext {
  /** The user wants the link alone. */
  readonly isQrRefused?: boolean;
}

/** The link, its QR code, and what to do with them. */
export function formatInviteLink(link: string, now: LinkFormatContext): readonly string[] {
  if (now.columns === null || now.isQrRefused === true) return [link];
  // In capitals, which mean the same, the code is smaller.
  const code = renderQrCode(link.toUpperCase(), { style: now.style, columns: now.columns });
  if (code === null) {
    return [link, "The terminal is too narrow for a QR code: make it wider, or pass the link on."];
  }
  const hint = now.style.hasColor
    ? "Scan it with a phone, or pass the link on."
    : "Scan it with a phone. If that fails, try light letters on a dark ground, or pass the link on.";
  return [link, "", ...code, "", hint];
}
