/**
 * What files are measured against: a bare program that copies a file over TCP, in the clear and with nothing checked.
 *
 *     deno run -A bench/plain_copy.ts give ADDRESS PORT FILE
 *     deno run -A bench/plain_copy.ts take ADDRESS PORT FILE     prints {"ms": …, "cpuMs": …} when the file is on the disk
 *
 * Both end with {"cpuMs": …}: machines are seldom quiet, and processor time says what a copy costs beside whatever.
 */

import process from "node:process";

/** As large as ours read and write. */
const BUFFER_BYTES = 256 * 1024;

const [what = "", address = "", port = "", path = ""] = Deno.args;
const buffer = new Uint8Array(BUFFER_BYTES);
// Without that of the start, which has nothing to do with the copy.
const started = process.cpuUsage();

if (what === "give") {
  using listener = Deno.listen({ hostname: address, port: Number(port) });
  say({ ready: true });
  using conn = await listener.accept();
  using file = await Deno.open(path);
  for (let count = await file.read(buffer); count !== null; count = await file.read(buffer)) {
    for (let at = 0; at < count;) at += await conn.write(buffer.subarray(at, count));
  }
  say({ cpuMs: cpuMs() });
} else {
  const fromMs = performance.now();
  using conn = await Deno.connect({ hostname: address, port: Number(port) });
  using file = await Deno.open(path, { write: true, createNew: true });
  for (let count = await conn.read(buffer); count !== null; count = await conn.read(buffer)) {
    for (let at = 0; at < count;) at += await file.write(buffer.subarray(at, count));
  }
  // As a file that is complete with us.
  await file.syncData();
  say({ ms: performance.now() - fromMs, cpuMs: cpuMs() });
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1_000;
}

function say(row: unknown): void {
  // deno-lint-ignore no-console -- It is a program that prints.
  console.log(JSON.stringify(row));
}
