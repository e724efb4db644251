/** For which systems there are executables, and how they are started there. Pure. */

/** A kind of machine; tests/tools/targets_test.ts compares the names with those that releases have. */
export interface Platform {
  /** In the names of files. */
  readonly name: string;
  /** As compilers call it. */
  readonly triple: string;
  readonly family: "linux" | "macos" | "windows";
  readonly archive: "tar.gz" | "zip";
  /** In words that its users know; the same in all languages. */
  readonly words: string;
}

/** All that a release is made for. */
export const PLATFORMS: readonly Platform[] = [
  {
    name: "windows-x86_64",
    triple: "x86_64-pc-windows-msvc",
    family: "windows",
    archive: "zip",
    words: "Windows",
  },
  {
    name: "macos-arm64",
    triple: "aarch64-apple-darwin",
    family: "macos",
    archive: "tar.gz",
    words: "macOS (Apple M1, M2 …)",
  },
  {
    name: "macos-x86_64",
    triple: "x86_64-apple-darwin",
    family: "macos",
    archive: "tar.gz",
    words: "macOS (Intel)",
  },
  {
    name: "linux-x86_64",
    triple: "x86_64-unknown-linux-gnu",
    family: "linux",
    archive: "tar.gz",
    words: "Linux (Intel, AMD)",
  },
  {
    name: "linux-arm64",
    triple: "aarch64-unknown-linux-gnu",
    family: "linux",
    archive: "tar.gz",
    words: "Linux (ARM)",
  },
];

/** A file that is to be given. */
export interface GivenFilePlan {
  /** In the folder. */
  readonly source: string;
  /** As it is called by whoever gets it. */
  readonly name: string;
  readonly target: Platform;
  /** Our own executable; all else is known by its name only, and anybody may have put it there. */
  readonly isOwn: boolean;
}

/** Our own executable, and what lies beside it under the names of its release for other systems. */
export function planGivenFile(
  names: readonly string[],
  { ownName, triple, version }: {
    readonly ownName: string;
    readonly triple: string;
    readonly version: string;
  },
): readonly GivenFilePlan[] {
  return PLATFORMS.flatMap((target): GivenFilePlan[] => {
    const name = `earshot-${version}-${target.name}`;
    const program = target.family === "windows" ? `${name}.exe` : name;
    if (target.triple === triple) return [{ source: ownName, name: program, target, isOwn: true }];
    // Packed it is half as large.
    const found = [`${name}.${target.archive}`, program].find((each) => names.includes(each));
    return found === undefined ? [] : [{ source: found, name: found, target, isOwn: false }];
  });
}

/** Whether the browser that says so likely runs on a system of that target; on a phone it never does. */
export function isForBrowser({ family, name }: Platform, userAgent: string): boolean {
  if (/Android|iPhone|iPad|CrOS/i.test(userAgent)) return false;
  if (family === "windows") return /Windows NT/i.test(userAgent);
  // Browsers on a Mac say "Intel" on all of them.
  if (family === "macos") return /Macintosh|Mac OS X/i.test(userAgent);
  return /Linux/i.test(userAgent) && /aarch64|arm/i.test(userAgent) === name.endsWith("arm64");
}
