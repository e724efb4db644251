/** Names of files that the page saves. Pure. */

/** Characters of a name. With an ending, it fits into every file system. */
const CHARS_MAX = 60;

/** Makes a file name that is valid on every system: no separators, no leading dot, no reserved name. "earshot" if nothing is left. */
export function toFileName(title: string): string {
  const plain = title.normalize("NFC").replaceAll(/[^\p{L}\p{M}\p{N} _-]+/gu, " ").replaceAll(/\s+/g, " ")
    .trim();
  const short = [...plain].slice(0, CHARS_MAX).join("").trim();
  if (short === "") return "earshot";
  return /^(?:con|prn|aux|nul|com\d|lpt\d)$/i.test(short) ? `${short}_` : short;
}
