/** Whether two byte strings are the same. Not for secrets: how long it takes tells where they differ. */
export function bytesEqual(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  // From the end, where signatures are: what was signed anew differs there.
  for (let index = left.length - 1; index >= 0; index--) {
    if (left[index] !== right[index]) return false;
  }
  return true;
}
