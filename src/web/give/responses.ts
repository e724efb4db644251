/** Answers of the address that gives earshot: one page, and the files that it lists. Pure: no part of a request becomes a path on disk. */

import type { ServedFile, ServedFiles } from "./served_files.ts";
import { type ByteRange, type GiveRequest, rangeOf } from "./http_request.ts";
import { renderLandingPage } from "./landing_page.ts";

/** An answer. A file's body is the given range of it. */
export interface GiveResponse {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly sizeBytes: number;
  readonly body: string | { readonly file: ServedFile; readonly range: ByteRange } | null;
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

/** Answers a request. `ownHost`: our address, as the Host field must name it. */
export function respond(
  request: GiveRequest,
  { given, ownHost }: { readonly given: ServedFiles; readonly ownHost: string },
): GiveResponse {
  // Otherwise it may be a name that an attacker's DNS points here.
  if (request.host !== ownHost) return refuse(403);
  if (!METHODS.includes(request.method)) return refuse(405, [["Allow", METHODS.join(", ")]]);
  const answer = request.path === "/" ? respondWithPage(request, given) : respondWithFile(request, given);
  return request.method === "HEAD" ? { ...answer, body: null } : answer;
}

/** An answer with a status and no more. */
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

function respondWithPage(request: GiveRequest, given: ServedFiles): GiveResponse {
  const text = renderLandingPage(given, request);
  return textAnswer(200, text, [
    ["Content-Type", "text/html; charset=utf-8"],
    ["Vary", "Accept-Language, User-Agent"],
    [
      "Content-Security-Policy",
      `default-src 'none'; style-src 'sha256-${given.styleHash}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
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

function respondWithFile({ path, range: field, ifRange }: GiveRequest, { files }: ServedFiles): GiveResponse {
  const file = files.find(({ name }) => path === `/${name}`);
  if (file === undefined) return refuse(404);
  const { sizeBytes } = file.mark;
  const tag = `"${file.sha256}"`;
  const range = rangeOf(ifRange === null || ifRange === tag ? field : null, sizeBytes);
  if (range === "none") return refuse(416, [["Content-Range", `bytes */${sizeBytes}`]]);
  const isWhole = range.to - range.from === sizeBytes;
  const part = [["Content-Range", `bytes ${range.from}-${range.to - 1}/${sizeBytes}`]] as const;
  return {
    status: isWhole ? 200 : 206,
    headers: [
      ["Content-Type", "application/octet-stream"],
      ["Content-Disposition", `attachment; filename="${file.name}"`],
      ["Accept-Ranges", "bytes"],
      ["ETag", tag],
      ...isWhole ? [] : part,
      ...ALWAYS,
    ],
    sizeBytes: range.to - range.from,
    body: { file, range },
  };
}

const ALWAYS = [
  ["Cache-Control", "no-store"],
  ["X-Content-Type-Options", "nosniff"],
  ["Referrer-Policy", "no-referrer"],
  ["Cross-Origin-Resource-Policy", "same-origin"],
] as const;
