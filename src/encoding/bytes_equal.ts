/** Whether two byte strings are equal. Do not use it for secrets: its duration depends on where they differ. */
export function bytesEqual(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  // From the end, where signatures are: a text that was signed again differs there.
  for (let index = left.length - 1; index >= 0; index--) {
    if (left[index] !== right[index]) return false;
  }
  return true;
}
