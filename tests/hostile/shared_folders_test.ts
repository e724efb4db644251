/** A folder that other users of the machine may write to: what they put there leads no file of this user's astray. */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { denoChance } from "../../src/deno/chance.ts";
import { denoCrypto } from "../../src/deno/crypto.ts";
import { denoDisk } from "../../src/deno/disk.ts";
import { denoFiles } from "../../src/deno/files.ts";
import { DiskError } from "../../src/errors.ts";
import {
  newPartTag,
  PartialDownload,
  type PartialDownloadOptions,
} from "../../src/store/transfers/partial_download.ts";
import { PIECE_BYTES_MIN } from "../../src/transfer/manifest.ts";

const CRYPTO = denoCrypto();
const isWindows = Deno.build.os === "windows";
const EVIL = new TextEncoder().encode("ssh-ed25519 AAAA mallory\n");
const PRECIOUS = "ssh-ed25519 AAAA alice\n";

/** A folder for everybody, and one of the user's with a file that nobody else may change. */
async function scene(): Promise<
  AsyncDisposable & {
    readonly shared: string;
    readonly ssh: string;
    readonly options: PartialDownloadOptions;
  }
> {
  const root = await Deno.makeTempDir();
  const [shared, ssh] = [join(root, "shared"), join(root, "ssh")];
  for (const folder of [shared, ssh]) await Deno.mkdir(folder);
  await Deno.chmod(shared, 0o777);
  await Deno.writeTextFile(join(ssh, "authorized_keys"), PRECIOUS);
  return {
    shared,
    ssh,
    options: {
      disk: denoDisk(),
      files: denoFiles(),
      crypto: CRYPTO,
      manifest: {
        pieceBytes: PIECE_BYTES_MIN,
        files: [{ path: ["authorized_keys"], sizeBytes: EVIL.length }],
        hashes: [CRYPTO.sha256(EVIL)],
        sizeBytes: EVIL.length,
      },
      partTag: newPartTag(denoChance()),
      target: shared,
      name: "authorized_keys",
      isFolder: false,
      onChecked: () => {},
      signal: new AbortController().signal,
    },
    [Symbol.asyncDispose]: () => Deno.remove(root, { recursive: true }),
  };
}

function partOf({ target, partTag }: PartialDownloadOptions): string {
  return join(target, `.earshot-${partTag}.part`);
}

/** Gets the file, and says how that ended. */
async function get(options: PartialDownloadOptions): Promise<string> {
  try {
    const partial = await PartialDownload.open(options);
    try {
      if (!partial.have.isFull) await partial.write(0, EVIL);
      return (await partial.moveIntoPlace()).path;
    } finally {
      await partial.close();
    }
  } catch (error) {
    assert(error instanceof DiskError, String(error));
    return error.message;
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
}

function check(name: string, fn: () => Promise<void>): void {
  // Windows lets only some users make links.
  Deno.test({ name, ignore: isWindows, fn });
}

check("The folder of a file that comes has another name each time, and nobody else can read it", async () => {
  await using one = await scene();
  const tags = new Set(Array.from({ length: 50 }, () => newPartTag(denoChance())));
  assertEquals(tags.size, 50);
  const partial = await PartialDownload.open(one.options);
  assertEquals(((await Deno.lstat(partOf(one.options))).mode ?? 0) & 0o777, 0o700);
  await partial.close();
  assertStringIncludes(await get(one.options), join(one.shared, "authorized_keys"));
});

check("Links that wait where a file is to come lead to no file of the user's", async () => {
  const traps: readonly ((part: string, ssh: string) => Promise<void>)[] = [
    (part, ssh) => Deno.symlink(ssh, part),
    async (part, ssh) => {
      await Deno.mkdir(part);
      await Deno.symlink(ssh, join(part, "tree"));
    },
    async (part, ssh) => {
      await Deno.mkdir(join(part, "tree"), { recursive: true });
      await Deno.symlink(join(ssh, "authorized_keys"), join(part, "tree", "authorized_keys"));
    },
    async (part, ssh) => {
      await Deno.mkdir(join(part, "tree"), { recursive: true });
      await Deno.link(join(ssh, "authorized_keys"), join(part, "tree", "authorized_keys"));
    },
    async (part, ssh) => {
      await Deno.mkdir(part);
      await Deno.symlink(join(ssh, "authorized_keys"), join(part, "have"));
    },
  ];
  for (const [index, trap] of traps.entries()) {
    await using one = await scene();
    await trap(partOf(one.options), one.ssh);
    assertStringIncludes(await get(one.options), "Cannot", `${index}`);
    assertEquals(await Deno.readTextFile(join(one.ssh, "authorized_keys")), PRECIOUS, `${index}`);
    assertEquals(await namesIn(one.ssh), ["authorized_keys"], `${index}`);
  }
});

check(
  "A folder that is exchanged while a file comes gets nothing, and nothing is moved out of another one",
  async () => {
    await using one = await scene();
    const part = partOf(one.options);
    const partial = await PartialDownload.open(one.options);
    await Deno.rename(part, `${part}.away`);
    await Deno.mkdir(part);
    await Deno.symlink(one.ssh, join(part, "tree"));
    const error = await assertRejects(() => partial.write(0, EVIL), DiskError);
    assertEquals(error.reason, "denied");
    await assertRejects(() => partial.moveIntoPlace(), DiskError);
    await partial.close();
    assertEquals(await Deno.readTextFile(join(one.ssh, "authorized_keys")), PRECIOUS);
    assertEquals((await namesIn(one.shared)).some((name) => name === "authorized_keys"), false);
  },
);

Deno.test({
  name: "A folder that belongs to another user is not used",
  ignore: isWindows || Deno.uid() !== 0,
  async fn() {
    await using one = await scene();
    const part = partOf(one.options);
    await Deno.mkdir(part);
    await Deno.chown(part, 65_534, 65_534);
    assertStringIncludes(await get(one.options), "belongs to another user");
    assertEquals(await namesIn(part), []);
  },
});
