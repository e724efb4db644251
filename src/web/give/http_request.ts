/**
 * The head of a request to where earshot is given (RFC 9112), as far as it is answered there: a method, a path, a few
 * fields. Pure. Whatever is not plainly right is refused: the only callers are browsers and download programs.
 */

/** Bytes of a request's head; browsers send less than 2 KiB to an address that they have no cookies for. */
export const HEAD_BYTES_MAX = 8 * 1024;

/** A request that can be looked at. */
export interface GiveRequest {
  readonly method: string;
  /** As it stands there: nothing in it is ever decoded. */
  readonly path: string;
  readonly host: string;
  readonly range: string | null;
  readonly ifRange: string | null;
  readonly userAgent: string;
  readonly languages: string;
}

/** What a head is: whole, not whole yet, or the status that it is refused with. */
export type ParsedHead = { readonly request: GiveRequest } | "more" | { readonly status: 400 | 431 | 505 };

const END = "\r\n\r\n";
const FIRST_LINE = /^([A-Z]{1,16}) (\/[!-~]*) HTTP\/1\.([01])$/;
const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([ -~\t\x80-\xff]*?)[ \t]*$/;
/** Of these, two would be two opinions. */
const ONCE = ["host", "range", "if-range", "content-length", "transfer-encoding"];

/** What the bytes that came so far are. */
export function parseHead(bytes: Uint8Array): ParsedHead {
  // Latin-1: a byte is a character, so nothing can be hidden in a wrong encoding.
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
  // A body is never read, and what follows one would be taken for a request.
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

/** Bytes of a file, the end not included. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/** What a Range field asks for (RFC 9110, 14.2): one part, all of it (also for several parts, and for what is not understood), or nothing that there is. */
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
