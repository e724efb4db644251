/** Names of files that the user is given. Pure. */

/** Characters of a name: with an ending it fits into every file system. */
const CHARS_MAX = 60;

/** A name that is one on every system: nothing that separates folders, hides the file or is reserved; "earshot" if nothing is left. */
export function toFileName(title: string): string {
  const plain = title.normalize("NFC").replaceAll(/[^\p{L}\p{M}\p{N} _-]+/gu, " ").replaceAll(/\s+/g, " ")
    .trim();
  const short = [...plain].slice(0, CHARS_MAX).join("").trim();
  if (short === "") return "earshot";
  return /^(?:con|prn|aux|nul|com\d|lpt\d)$/i.test(short) ? `${short}_` : short;
}
