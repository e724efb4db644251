/** The real executable for this machine, made as `deno task compile` makes it. */

import * as esbuild from "esbuild";
import { compileHere } from "../../tools/compile.ts";
import { findPackedBase } from "../../tools/runtime_base.ts";
import { ownTarget } from "../../tools/targets.ts";

/** Why no executable can be made here, or null. Without a packed base nobody knows whether one could be downloaded: that takes EARSHOT_COMPILE=1. */
export async function whyNoExecutable(): Promise<string | null> {
  const target = ownTarget();
  if (target === null) return `there are no executables for ${Deno.build.target}`;
  if (Deno.env.get("EARSHOT_COMPILE") === "1") return null;
  const base = await findPackedBase(target);
  return "missing" in base ? base.missing : null;
}

/** An executable in a folder of its own. Disposing removes both. */
export class MadeExecutable implements AsyncDisposable {
  readonly folder: string;
  readonly path: string;
  readonly sizeBytes: number;

  private constructor(folder: string, made: { readonly path: string; readonly sizeBytes: number }) {
    this.folder = folder;
    this.path = made.path;
    this.sizeBytes = made.sizeBytes;
  }

  /** Makes it. @throws {CompileError} with what the compiler said. */
  static async make(): Promise<MadeExecutable> {
    const target = ownTarget();
    if (target === null) throw new Error("There are no executables for this machine");
    const folder = await Deno.makeTempDir({ prefix: "earshot-executable-" });
    try {
      const path = `${folder}/earshot`;
      const { sizeBytes } = await compileHere(target, path);
      return new MadeExecutable(folder, { path, sizeBytes });
    } catch (error) {
      await Deno.remove(folder, { recursive: true });
      throw error;
    } finally {
      await esbuild.stop();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}
