/** Whether a copy is right. */

/** @throws {Error} if two files differ. */
export async function same(one: string, other: string): Promise<void> {
  using left = await Deno.open(one);
  using right = await Deno.open(other);
  const [mine, theirs] = [new Uint8Array(1_000_000), new Uint8Array(1_000_000)];
  for (;;) {
    const [count, otherCount] = [await fill(left, mine), await fill(right, theirs)];
    const isSame = count === otherCount &&
      mine.subarray(0, count).every((byte, index) => byte === theirs[index]);
    if (!isSame) throw new Error(`"${one}" and "${other}" differ`);
    if (count === 0) return;
  }
}

async function fill(file: Deno.FsFile, into: Uint8Array): Promise<number> {
  let count = 0;
  while (count < into.length) {
    const read = await file.read(into.subarray(count));
    if (read === null) break;
    count += read;
  }
  return count;
}
