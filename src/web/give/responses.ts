/** What is answered where earshot is given: one page, and the files that it lists. Pure: nothing of a request ever becomes a path of the disk. */

import type { Gift, Gifts } from "./gift_types.ts";
import { type ByteRange, type GiveRequest, rangeOf } from "./http_request.ts";
import { renderLandingPage } from "./landing_page.ts";

/** An answer; of a file only that part. */
export interface GiveResponse {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly sizeBytes: number;
  readonly body: string | { readonly gift: Gift; readonly range: ByteRange } | null;
}

const METHODS = ["GET", "HEAD"];
const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  206: "Partial Content",
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  416: "Range Not Satisfiable",
  431: "Request Header Fields Too Large",
  503: "Service Unavailable",
  505: "HTTP Version Not Supported",
};

/** The answer to a request that came to that address of ours. */
export function respond(
  request: GiveRequest,
  { gifts, ownHost }: { readonly gifts: Gifts; readonly ownHost: string },
): GiveResponse {
  // A name that somebody's DNS points here would stand there.
  if (request.host !== ownHost) return refuse(403);
  if (!METHODS.includes(request.method)) return refuse(405, [["Allow", METHODS.join(", ")]]);
  const answer = request.path === "/" ? pageAnswer(request, gifts) : fileAnswer(request, gifts);
  return request.method === "HEAD" ? { ...answer, body: null } : answer;
}

/** An answer that says no more than its status. */
export function refuse(
  status: number,
  headers: readonly (readonly [string, string])[] = [],
): GiveResponse {
  const text = `${REASONS[status] ?? "Refused"}\n`;
  return textAnswer(status, text, [["Content-Type", "text/plain; charset=utf-8"], ...headers]);
}

/** The bytes before the body. */
export function headBytes({ status, headers, sizeBytes }: GiveResponse): Uint8Array {
  const lines = [
    `HTTP/1.1 ${status} ${REASONS[status] ?? ""}`,
    "Connection: close",
    `Content-Length: ${sizeBytes}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  return new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`);
}

function pageAnswer(request: GiveRequest, gifts: Gifts): GiveResponse {
  const text = renderLandingPage(gifts, request);
  return textAnswer(200, text, [
    ["Content-Type", "text/html; charset=utf-8"],
    ["Vary", "Accept-Language, User-Agent"],
    [
      "Content-Security-Policy",
      `default-src 'none'; style-src 'sha256-${gifts.styleHash}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
    ],
    ["X-Frame-Options", "DENY"],
  ]);
}

function textAnswer(
  status: number,
  text: string,
  headers: readonly (readonly [string, string])[],
): GiveResponse {
  const sizeBytes = new TextEncoder().encode(text).length;
  return { status, headers: [...headers, ...ALWAYS], sizeBytes, body: text };
}

function fileAnswer({ path, range: field, ifRange }: GiveRequest, { files }: Gifts): GiveResponse {
  const gift = files.find(({ name }) => path === `/${name}`);
  if (gift === undefined) return refuse(404);
  const { sizeBytes } = gift.mark;
  const tag = `"${gift.sha256}"`;
  const range = rangeOf(ifRange === null || ifRange === tag ? field : null, sizeBytes);
  if (range === "none") return refuse(416, [["Content-Range", `bytes */${sizeBytes}`]]);
  const isWhole = range.to - range.from === sizeBytes;
  const part = [["Content-Range", `bytes ${range.from}-${range.to - 1}/${sizeBytes}`]] as const;
  return {
    status: isWhole ? 200 : 206,
    headers: [
      ["Content-Type", "application/octet-stream"],
      ["Content-Disposition", `attachment; filename="${gift.name}"`],
      ["Accept-Ranges", "bytes"],
      ["ETag", tag],
      ...isWhole ? [] : part,
      ...ALWAYS,
    ],
    sizeBytes: range.to - range.from,
    body: { gift, range },
  };
}

const ALWAYS = [
  ["Cache-Control", "no-store"],
  ["X-Content-Type-Options", "nosniff"],
  ["Referrer-Policy", "no-referrer"],
  ["Cross-Origin-Resource-Policy", "same-origin"],
] as const;
