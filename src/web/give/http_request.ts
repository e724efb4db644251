/**
 * Parses the head of a request to the address that gives earshot (RFC 9112): a method, a path and a few fields. Pure.
 * Everything unusual is refused, because the only clients are browsers and download programs.
 */

/** Bytes of a request's head. Browsers send less than 2 KiB to an address without cookies. */
export const HEAD_BYTES_MAX = 8 * 1024;

/** A request that can be answered. */
export interface GiveRequest {
  readonly method: string;
  /** As it was sent. It is never decoded. */
  readonly path: string;
  readonly host: string;
  readonly range: string | null;
  readonly ifRange: string | null;
  readonly userAgent: string;
  readonly languages: string;
}

/** A parsed head: a request, an incomplete one, or the status of a refusal. */
export type ParsedHead = { readonly request: GiveRequest } | "more" | { readonly status: 400 | 431 | 505 };

const END = "\r\n\r\n";
const FIRST_LINE = /^([A-Z]{1,16}) (\/[!-~]*) HTTP\/1\.([01])$/;
const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([ -~\t\x80-\xff]*?)[ \t]*$/;
/** Fields that must not come twice, because their values could disagree. */
const ONCE = ["host", "range", "if-range", "content-length", "transfer-encoding"];

/** Parses the bytes that have arrived so far. */
export function parseHead(bytes: Uint8Array): ParsedHead {
  // Latin-1: each byte is a character, so a wrong encoding can hide nothing.
  const text = Array.from(bytes.subarray(0, HEAD_BYTES_MAX), (byte) => String.fromCharCode(byte)).join("");
  const end = text.indexOf(END);
  if (end < 0) return bytes.length >= HEAD_BYTES_MAX ? { status: 431 } : "more";
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const [, method, path] = FIRST_LINE.exec(first) ?? [];
  if (method === undefined || path === undefined) {
    return { status: / HTTP\/[2-9]/.test(first) ? 505 : 400 };
  }
  const fields = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = FIELD.exec(line) ?? [];
    if (name === undefined || value === undefined) return { status: 400 };
    const key = name.toLowerCase();
    if (fields.has(key) && ONCE.includes(key)) return { status: 400 };
    fields.set(key, value);
  }
  const host = fields.get("host");
  // A body is never read, so its bytes could be taken for a request.
  if (
    host === undefined || fields.has("transfer-encoding") || (fields.get("content-length") ?? "0") !== "0"
  ) {
    return { status: 400 };
  }
  return {
    request: {
      method,
      path,
      host,
      range: fields.get("range") ?? null,
      ifRange: fields.get("if-range") ?? null,
      userAgent: fields.get("user-agent") ?? "",
      languages: fields.get("accept-language") ?? "",
    },
  };
}

/** A range of a file's bytes, without its end. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/** Parses a Range field (RFC 9110, 14.2): one part; all of the file, also for several parts and for unknown units; or a range outside of the file. */
export function rangeOf(field: string | null, sizeBytes: number): ByteRange | "none" {
  const all = { from: 0, to: sizeBytes };
  const [, first = "", last = ""] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(field ?? "") ?? [];
  if (first === "" && last === "") return all;
  if (first === "") {
    const count = Math.min(Number(last), sizeBytes);
    return count === 0 ? "none" : { from: sizeBytes - count, to: sizeBytes };
  }
  const from = Number(first);
  if (last !== "" && Number(last) < from) return all;
  if (from >= sizeBytes) return "none";
  return { from, to: last === "" ? sizeBytes : Math.min(Number(last) + 1, sizeBytes) };
}
