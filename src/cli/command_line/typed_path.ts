/** Paths as users type them into the chat, and as terminals and file managers write a dropped file. */

import { fromFileUrl } from "@std/path";

/** On Windows a backslash separates folders, and nothing escapes a blank. */
const WINDOWS_PATH = /^(?:[A-Za-z]:\\|\\\\)/;
const QUOTED_WINDOWS_PATH = /^"((?:[A-Za-z]:\\|\\\\)[^"]*)"$/;
/** A part of one word of a shell: in single quotes, in double quotes, behind a backslash, or plain. */
const SHELL_PART = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^'"\\\s]+)/gsy;

/**
 * The path that the text means: a word in the quotes of a shell, a word with backslashes before blanks, a `file://`
 * address, or the plain path. In a text that begins without a quote, an apostrophe is a part of the name.
 */
export function parseTypedPath(text: string): string {
  const path = /^['"]/.test(text) ? unquotePath(text) : unescapePath(text);
  return /^file:\/\//i.test(path) ? parseFileUrl(path) : path;
}

function unescapePath(text: string): string {
  return WINDOWS_PATH.test(text) ? text : text.replace(/\\(.)/gs, "$1");
}

function unquotePath(text: string): string {
  const windows = QUOTED_WINDOWS_PATH.exec(text)?.[1];
  if (windows !== undefined) return windows;
  let path = "";
  let readCount = 0;
  for (const [part, single, double, escaped, plain] of text.matchAll(SHELL_PART)) {
    readCount += part.length;
    path += single ?? double?.replace(/\\(["\\$`])/g, "$1") ?? escaped ?? plain ?? "";
  }
  // A text that is no single word of a shell is taken as it stands.
  return readCount === text.length ? path : text;
}

function parseFileUrl(text: string): string {
  try {
    // Some file managers name this machine as the host.
    return fromFileUrl(text.replace(/^file:\/\/[^/]*\//i, "file:///"));
  } catch (error) {
    // A malformed address is looked for as a path, and the user reads that there is nothing.
    if (error instanceof TypeError || error instanceof URIError) return text;
    throw error;
  }
}
