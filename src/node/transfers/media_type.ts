/** Media types by file name. Only for display: no file is opened by them. */

import { findExtension } from "../../text/file_name.ts";

/** Pictures that browsers show without running code in them. SVG is left out: it can have scripts. */
const PICTURES: Readonly<Record<string, string>> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".avif": "image/avif",
};

const TYPES: Readonly<Record<string, string>> = {
  ...PICTURES,
  ".svg": "image/svg+xml",
  ".heic": "image/heic",
  ".txt": "text/plain",
  ".md": "text/markdown",
  ".csv": "text/csv",
  ".html": "text/html",
  ".json": "application/json",
  ".pdf": "application/pdf",
  ".zip": "application/zip",
  ".gz": "application/gzip",
  ".7z": "application/x-7z-compressed",
  ".tar": "application/x-tar",
  ".mp3": "audio/mpeg",
  ".ogg": "audio/ogg",
  ".flac": "audio/flac",
  ".wav": "audio/wav",
  ".m4a": "audio/mp4",
  ".mp4": "video/mp4",
  ".mkv": "video/x-matroska",
  ".webm": "video/webm",
  ".mov": "video/quicktime",
  ".doc": "application/msword",
  ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  ".xls": "application/vnd.ms-excel",
  ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  ".odt": "application/vnd.oasis.opendocument.text",
  ".ods": "application/vnd.oasis.opendocument.spreadsheet",
  ".epub": "application/epub+zip",
};

/** The media type of a file of that name. */
export function mediaTypeOf(name: string): string {
  return TYPES[findExtension(name)] ?? "application/octet-stream";
}

/** The media type of a picture that is safe to show, by its extension; null for other files. The author's media type does not count. */
export function pictureTypeOf(name: string): string | null {
  return PICTURES[findExtension(name)] ?? null;
}
