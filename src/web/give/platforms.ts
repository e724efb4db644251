/** The systems that have an executable, and the names of its files. Pure. */

/** A kind of device. tests/tools/targets_test.ts compares the names with those of releases. */
export interface Platform {
  /** As file names contain it. */
  readonly name: string;
  /** As compilers name it. */
  readonly triple: string;
  readonly family: "linux" | "macos" | "windows";
  readonly archive: "tar.gz" | "zip";
  /** As its users know it; the same in all languages. */
  readonly words: string;
}

/** All platforms of a release. */
export const PLATFORMS: readonly Platform[] = [
  {
    name: "windows-x86_64",
    triple: "x86_64-pc-windows-msvc",
    family: "windows",
    archive: "zip",
    words: "Windows",
  },
  {
    name: "windows-arm64",
    triple: "aarch64-pc-windows-msvc",
    family: "windows",
    archive: "zip",
    words: "Windows (ARM)",
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

/** A file that can be given. */
export interface GivenFilePlan {
  /** Its name in the folder. */
  readonly source: string;
  /** Its name for the people who download it. */
  readonly name: string;
  readonly target: Platform;
  /** Our own executable. Of other files only the name is known; any program may have put them there. */
  readonly isOwn: boolean;
}

/** Our own executable, and files beside it that are named like releases for other systems. */
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
    // A packed file is half as large.
    const found = [`${name}.${target.archive}`, program].find((each) => names.includes(each));
    return found === undefined ? [] : [{ source: found, name: found, target, isOwn: false }];
  });
}

/** Whether that browser likely runs on the platform. Never for a phone. */
export function isForBrowser({ family, name }: Platform, userAgent: string): boolean {
  if (/Android|iPhone|iPad|CrOS/i.test(userAgent)) return false;
  // Browsers on Windows say "x64" on all of them.
  if (family === "windows") return /Windows NT/i.test(userAgent);
  // Browsers say "Intel" on every Mac.
  if (family === "macos") return /Macintosh|Mac OS X/i.test(userAgent);
  return /Linux/i.test(userAgent) && /aarch64|arm/i.test(userAgent) === name.endsWith("arm64");
}
