/** What executables are made for, and how they are called. */

import config from "../deno.json" with { type: "json" };
import type { SystemPlatform } from "../src/deno/programs.ts";

/** A kind of machine. */
export interface Target {
  /** In the names of files. */
  readonly name: string;
  /** As compilers call it. */
  readonly triple: string;
  readonly system: SystemPlatform;
  /** What people there can unpack without installing anything. */
  readonly archive: "tar.gz" | "zip";
}

/** All that a release is made for. */
export const TARGETS: readonly Target[] = [
  { name: "linux-x86_64", triple: "x86_64-unknown-linux-gnu", system: "linux", archive: "tar.gz" },
  { name: "linux-arm64", triple: "aarch64-unknown-linux-gnu", system: "linux", archive: "tar.gz" },
  { name: "macos-x86_64", triple: "x86_64-apple-darwin", system: "darwin", archive: "tar.gz" },
  { name: "macos-arm64", triple: "aarch64-apple-darwin", system: "darwin", archive: "tar.gz" },
  { name: "windows-x86_64", triple: "x86_64-pc-windows-msvc", system: "windows", archive: "zip" },
  { name: "windows-arm64", triple: "aarch64-pc-windows-msvc", system: "windows", archive: "zip" },
];

/** This machine, or null where no executable can be made for it. */
export function ownTarget(): Target | null {
  return TARGETS.find(({ triple }) => triple === Deno.build.target) ?? null;
}

/** What a release for that target is called, without what stands behind the dot. */
export function releaseName({ name }: Target): string {
  return `earshot-${config.version}-${name}`;
}

/** What executables end with there. */
export function suffixOf({ system }: Target): string {
  return system === "windows" ? ".exe" : "";
}
