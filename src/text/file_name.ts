/**
 * Foreign names of files made safe: for the disk, whatever its system, and for the eye. One place for all of it, because
 * a name that one check lets pass and another reads differently is how files get to where nobody wanted them.
 */

import { byteLength } from "../encoding/utf8.ts";
import { sanitizeLine } from "./sanitize.ts";

/** UTF-8 bytes of a saved name, in either Unicode form: what all systems take is 255, and a number may come behind it. */
export const FILE_NAME_BYTES_MAX = 200;
/** UTF-16 units that are looked at: normalising a megabyte of marks takes minutes. */
const NAME_UNITS_MAX = 1_024;
/** Bytes of an ending that is kept whole when a name is cut. */
const ENDING_BYTES_MAX = 32;
/** What stands for a name of which nothing is left. */
const NAMELESS = "file";

/** Controls and halves of characters. */
const CONTROL = /[\p{Cc}\p{Cs}\p{NChar}\u2028\u2029\uFFF9-\uFFFB]+/gu;
/** What is not seen, or turns the direction of what is. */
const UNSEEN = /[\p{Cf}\p{DI}\u115F\u1160\u3164\uFFA0]+/gu;
/** Separators, drive letters, streams and patterns of some system, and what looks like them or is mapped to them by another code page. */
const SPECIAL =
  /[/\\:*?"<>|\u2044\u2215\u2216\u2236\u29F5\u29F8\u29F9\uFE13\uFE55\uFE68\uFF02\uFF0A\uFF0E\uFF0F\uFF1A\uFF1C\uFF1E\uFF1F\uFF3C\uFF5C\u2024\uA789]/gu;
const BLANKS = /[\p{Z}\s]+/gu;
/** Devices of Windows, in any folder and with any ending; superscript digits count there too. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9]|conin\$|conout\$|clock\$)$/;
/** Names that a system reads by itself when a folder is opened. */
const READ_BY_SYSTEM = /^(?:desktop\.ini|autorun\.inf|thumbs\.db|ds_store)$/;
/** Endings that do something where they are only looked at, or lead elsewhere under a name that hides it. */
const LEADING_ELSEWHERE =
  /\.(?:lnk|scf|url|pif|website|webloc|inetloc|fileloc|desktop|library-ms|search-ms|searchconnector-ms|theme|themepack|settingcontent-ms|appref-ms)$/i;
/** Endings of what runs when it is opened, on some system. */
const PROGRAM =
  /^\.(?:exe|com|bat|cmd|msi|msix|msp|appx|scr|cpl|dll|sys|drv|hta|js|jse|vbs|vbe|ws|wsf|wsh|ps1|psm1|reg|inf|jar|jnlp|gadget|chm|hlp|iso|img|vhd|vhdx|app|dmg|pkg|command|tool|workflow|action|osx|sh|bash|zsh|fish|csh|run|elf|appimage|deb|rpm|flatpakref|snap|apk|aab|ipa|py|pyw|pyz|rb|pl|php|lua|docm|dotm|xlsm|xltm|xlam|pptm|potm|ppam|sldm|one|svg|html|htm|xhtml|mht|mhtml|swf)_?$/;

/**
 * The name under which a foreign name is saved: one part of a path, never hidden, never a device, a stream or something
 * that the system reads by itself. Done twice it changes nothing.
 */
export function toSafeFileName(foreign: string): string {
  let name = foreign.slice(0, NAME_UNITS_MAX).toWellFormed().normalize("NFC")
    .replace(CONTROL, "_").replace(UNSEEN, "").replace(SPECIAL, "_").replace(BLANKS, " ");
  // What one rule changes may be of concern to another: a cut can leave an ending that was none before.
  for (let next = applyRules(name); next !== name; next = applyRules(name)) name = next;
  return name;
}

function applyRules(name: string): string {
  const cut = trimName(cutToBytes(trimName(name).replace(/^[.~-]+/, "_")));
  const whole = cut === "" ? NAMELESS : cut;
  if (LEADING_ELSEWHERE.test(whole)) return `${whole}_`;
  return isReserved(whole) ? `_${whole}` : whole;
}

/** The name with a number before its ending: for a second one of that name. */
export function addNumber(name: string, number: number): string {
  const ending = splitExtension(name);
  return `${name.slice(0, name.length - ending.length)} (${number})${ending}`;
}

/** Two names with the same key are one on some system: case, width and Unicode form count on none everywhere. */
export function toFileNameKey(name: string): string {
  return name.normalize("NFKC").toLowerCase().toUpperCase().toLowerCase().normalize("NFKC");
}

/**
 * Where the files of a foreign folder are saved, relative to it: each part made safe, and no two the same on any system.
 * A name that is taken gets a number. Foreign folders may consist of nothing else, so which number is next is remembered:
 * to begin at 2 each time takes hours for the most files that a folder may have.
 */
export function toSafePaths(foreign: readonly (readonly string[])[]): readonly (readonly string[])[] {
  /** By folder and name: the number that is tried next for it. What is in here is taken. */
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

/** The ending by which systems choose what opens a file, with its dot, in small letters; "" if there is none. Of "photo.jpg.exe" it is ".exe". */
export function findExtension(name: string): string {
  return splitExtension(toSafeFileName(name)).toLowerCase();
}

/** Whether opening a file of that name may run something. */
export function isProgramName(name: string): boolean {
  const ending = findExtension(name);
  return PROGRAM.test(ending) || LEADING_ELSEWHERE.test(ending.replace(/_$/, ""));
}

/** A foreign name as it is shown: nothing in it is hidden, and it pushes nothing off the screen. */
export function formatFileName(name: string): string {
  const line = sanitizeLine(name.slice(0, NAME_UNITS_MAX).replaceAll('"', "'"));
  const chars = [...line];
  const max = 64;
  // The middle goes: the beginning says what it is, the end what opens it.
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

/** Whether Windows takes the name for a device, whatever its ending. */
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
  // Halved, not one by one: each look at the size normalises the name.
  for (let above = Math.min(chars.length, FILE_NAME_BYTES_MAX) + 1; above - fitting > 1;) {
    const middle = Math.floor((fitting + above) / 2);
    if (measureBytes(chars.slice(0, middle).join("") + ending) > FILE_NAME_BYTES_MAX) above = middle;
    else fitting = middle;
  }
  return trimName(chars.slice(0, fitting).join("")) + ending;
}

/** In the longer of the two Unicode forms: some systems store one, some the other. */
function measureBytes(name: string): number {
  return Math.max(byteLength(name), byteLength(name.normalize("NFD")));
}
