/** Lower-case base32 without padding (RFC 4648 section 6), for texts that people read aloud and type. */

const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
const CODES = Uint8Array.from(ALPHABET, (char) => char.charCodeAt(0));
const NONE = 0xff;
/** Values by character code. */
const VALUES = new Uint8Array(128).fill(NONE);
CODES.forEach((code, value) => VALUES[code] = value);

/** Base32 of any bytes. */
export function encodeBase32(bytes: Uint8Array): string {
  const codes: number[] = [];
  let held = 0;
  let heldBits = 0;
  for (let at = 0; at < bytes.length; at++) {
    held = ((held << 8) | (bytes[at] ?? 0)) & 0xfff;
    heldBits += 8;
    while (heldBits >= 5) {
      heldBits -= 5;
      codes.push(CODES[(held >> heldBits) & 31] ?? 0);
    }
  }
  if (heldBits > 0) codes.push(CODES[(held << (5 - heldBits)) & 31] ?? 0);
  return String.fromCharCode(...codes);
}

/**
 * The decoded bytes, or null for a wrong length, a foreign character or non-zero padding bits: each value has exactly
 * one text.
 */
export function decodeBase32(text: string, length: number): Uint8Array | null {
  if (text.length !== Math.ceil(length * 8 / 5)) return null;
  const bytes = new Uint8Array(length);
  let held = 0;
  let heldBits = 0;
  let at = 0;
  for (let index = 0; index < text.length; index++) {
    const value = VALUES[text.charCodeAt(index)] ?? NONE;
    if (value === NONE) return null;
    held = ((held << 5) | value) & 0xfff;
    heldBits += 5;
    if (heldBits >= 8) {
      heldBits -= 8;
      bytes[at++] = (held >> heldBits) & 0xff;
    }
  }
  return (held & ((1 << heldBits) - 1)) === 0 ? bytes : null;
}
