/**
 * Makes foreign file names safe for every disk and for display. All rules are in this one place: a name that one
 * check accepts and another reads differently can place a file where nobody wants it.
 */

import { byteLength } from "../encoding/utf8.ts";
import { sanitizeLine } from "./sanitize.ts";

/** UTF-8 bytes of a saved name in either Unicode form. All systems allow 255; a number may be appended. */
export const FILE_NAME_BYTES_MAX = 200;
/** UTF-16 units that are examined. Normalising a megabyte of combining marks takes minutes. */
const NAME_UNITS_MAX = 1_024;
/** Bytes of an extension that is kept whole when a name is cut. */
const ENDING_BYTES_MAX = 32;
/** Used if nothing of a name is left. */
const NAMELESS = "file";

/** Control characters and lone surrogates. */
const CONTROL = /[\p{Cc}\p{Cs}\p{NChar}\u2028\u2029\uFFF9-\uFFFB]+/gu;
/** Characters that are invisible or change the text direction. */
const UNSEEN = /[\p{Cf}\p{DI}\u115F\u1160\u3164\uFFA0]+/gu;
/**
 * Separators, drive letters, stream marks and wildcards of any system, characters that look like them, and those that
 * a code page maps to them.
 */
const SPECIAL =
  /[/\\:*?"<>|\u2044\u2215\u2216\u2236\u29F5\u29F8\u29F9\uFE13\uFE55\uFE68\uFF02\uFF0A\uFF0E\uFF0F\uFF1A\uFF1C\uFF1E\uFF1F\uFF3C\uFF5C\u2024\uA789]/gu;
const BLANKS = /[\p{Z}\s]+/gu;
/** Windows device names: reserved in every folder and with every extension. Superscript digits count too. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9]|conin\$|conout\$|clock\$)$/;
/** Names that a system reads automatically when a folder is opened. */
const READ_BY_SYSTEM = /^(?:desktop\.ini|autorun\.inf|thumbs\.db|ds_store)$/;
/** Extensions that act when they are only displayed, or that hide where they lead. */
const LEADING_ELSEWHERE =
  /\.(?:lnk|scf|url|pif|website|webloc|inetloc|fileloc|desktop|library-ms|search-ms|searchconnector-ms|theme|themepack|settingcontent-ms|appref-ms)$/i;
/** Extensions of files that run when they are opened, on any system. */
const PROGRAM =
  /^\.(?:exe|com|bat|cmd|msi|msix|msp|appx|scr|cpl|dll|sys|drv|hta|js|jse|vbs|vbe|ws|wsf|wsh|ps1|psm1|reg|inf|jar|jnlp|gadget|chm|hlp|iso|img|vhd|vhdx|app|dmg|pkg|command|tool|workflow|action|osx|sh|bash|zsh|fish|csh|run|elf|appimage|deb|rpm|flatpakref|snap|apk|aab|ipa|py|pyw|pyz|rb|pl|php|lua|docm|dotm|xlsm|xltm|xlam|pptm|potm|ppam|sldm|one|svg|html|htm|xhtml|mht|mhtml|swf)_?$/;

/**
 * The name under which a foreign file is saved: one path segment, never hidden, never a device, a stream or a file
 * that the system reads automatically. Idempotent.
 */
export function toSafeFileName(foreign: string): string {
  let name = foreign.slice(0, NAME_UNITS_MAX).toWellFormed().normalize("NFC")
    .replace(CONTROL, "_").replace(UNSEEN, "").replace(SPECIAL, "_").replace(BLANKS, " ");
  // One rule can affect another: cutting a name can create a new extension.
  for (let next = applyRules(name); next !== name; next = applyRules(name)) name = next;
  return name;
}

function applyRules(name: string): string {
  const cut = trimName(cutToBytes(trimName(name).replace(/^[.~-]+/, "_")));
  const whole = cut === "" ? NAMELESS : cut;
  if (LEADING_ELSEWHERE.test(whole)) return `${whole}_`;
  return isReserved(whole) ? `_${whole}` : whole;
}

/** Inserts a number before the extension, for a second file of that name. */
export function addNumber(name: string, number: number): string {
  const ending = splitExtension(name);
  return `${name.slice(0, name.length - ending.length)} (${number})${ending}`;
}

/** Two names with equal keys are the same file on some system: case, width and Unicode form do not matter everywhere. */
export function toFileNameKey(name: string): string {
  return name.normalize("NFKC").toLowerCase().toUpperCase().toLowerCase().normalize("NFKC");
}

/**
 * Safe paths for the files of a foreign folder, relative to it. No two are equal on any system.
 * A taken name gets a number. The next number is remembered: starting at 2 each time takes hours for the largest
 * folder allowed.
 */
export function toSafePaths(foreign: readonly (readonly string[])[]): readonly (readonly string[])[] {
  /** By folder and name key: the number to try next. A present key is taken. */
  const taken = new Map<string, Map<string, number>>();
  const folders = new Map<string, readonly string[]>();
  const free = (above: readonly string[], name: string): string => {
    const at = above.join("/");
    const names = taken.get(at) ?? new Map<string, number>();
    taken.set(at, names);
    const key = toFileNameKey(name);
    const next = names.get(key);
    if (next === undefined) {
      names.set(key, 2);
      return name;
    }
    for (let number = next;; number++) {
      const unique = addNumber(name, number);
      const uniqueKey = toFileNameKey(unique);
      if (names.has(uniqueKey)) continue;
      names.set(uniqueKey, 2);
      names.set(key, number + 1);
      return unique;
    }
  };
  const folderOf = (parts: readonly string[]): readonly string[] => {
    if (parts.length === 0) return [];
    const key = parts.join("/");
    const known = folders.get(key);
    if (known !== undefined) return known;
    const above = folderOf(parts.slice(0, -1));
    const made = [...above, free(above, toSafeFileName(parts.at(-1) ?? ""))];
    folders.set(key, made);
    return made;
  };
  return foreign.map((parts) => {
    const above = folderOf(parts.slice(0, -1));
    return [...above, free(above, toSafeFileName(parts.at(-1) ?? ""))];
  });
}

/**
 * The extension by which systems choose a program, with its dot, in lower case; "" if there is none. For
 * "photo.jpg.exe" it is ".exe".
 */
export function findExtension(name: string): string {
  return splitExtension(toSafeFileName(name)).toLowerCase();
}

/** Whether opening a file of that name may run a program. */
export function isProgramName(name: string): boolean {
  const ending = findExtension(name);
  return PROGRAM.test(ending) || LEADING_ELSEWHERE.test(ending.replace(/_$/, ""));
}

/** A foreign name for display: nothing is hidden, and its length is limited. */
export function formatFileName(name: string): string {
  const line = sanitizeLine(name.slice(0, NAME_UNITS_MAX).replaceAll('"', "'"));
  const chars = [...line];
  const max = 64;
  // Cut the middle: the start identifies the file, the end decides what opens it.
  return chars.length <= max
    ? line
    : `${chars.slice(0, max / 2).join("")}…${chars.slice(1 - max / 2).join("")}`;
}

function splitExtension(name: string): string {
  const at = name.lastIndexOf(".");
  return at <= 0 || at === name.length - 1 ? "" : name.slice(at);
}

function trimName(name: string): string {
  return name.replace(/^ +/, "").replace(/[. ]+$/, "");
}

function isReserved(name: string): boolean {
  return isDeviceName(name) || READ_BY_SYSTEM.test(toFileNameKey(name));
}

/** Whether Windows treats the name as a device, whatever its extension. */
export function isDeviceName(name: string): boolean {
  const key = toFileNameKey(name);
  return DEVICE.test(key.slice(0, key.includes(".") ? key.indexOf(".") : key.length).trim());
}

function cutToBytes(name: string): string {
  if (measureBytes(name) <= FILE_NAME_BYTES_MAX) return name;
  const whole = splitExtension(name);
  const ending = measureBytes(whole) <= ENDING_BYTES_MAX ? whole : "";
  const chars = [...name.slice(0, name.length - ending.length)];
  let fitting = 0;
  // Binary search: each measurement normalises the name.
  for (let above = Math.min(chars.length, FILE_NAME_BYTES_MAX) + 1; above - fitting > 1;) {
    const middle = Math.floor((fitting + above) / 2);
    if (measureBytes(chars.slice(0, middle).join("") + ending) > FILE_NAME_BYTES_MAX) above = middle;
    else fitting = middle;
  }
  return trimName(chars.slice(0, fitting).join("")) + ending;
}

/** UTF-8 bytes of the longer Unicode form. Some systems store NFC, others NFD. */
function measureBytes(name: string): number {
  return Math.max(byteLength(name), byteLength(name.normalize("NFD")));
}
