/**
 * `deno task manifests`: what winget, Scoop and Homebrew want to know of a release, made from dist/release/SHA256SUMS into
 * dist/release/manifests. They are for these projects' own repositories; nothing is sent anywhere.
 *
 *     --repository OWNER/NAME   whose releases have the files (on GitHub)
 */

import { parseArgs } from "@std/cli/parse-args";
import { dirname, fromFileUrl, join } from "@std/path";
import config from "../deno.json" with { type: "json" };

const RELEASE = fromFileUrl(new URL("../dist/release/", import.meta.url));
const SUMMARY = "Chat with people within earshot, without a server and without internet";
const PUBLISHER = "earshot";
/** Of winget's manifests. */
const WINGET_VERSION = "1.6.0";

/** What a manifest is made of. */
export interface ReleaseFiles {
  readonly version: string;
  /** Such as "earshot/earshot", on GitHub. */
  readonly repository: string;
  /** SHA-256 in hex of each file, by its name. */
  readonly sums: ReadonlyMap<string, string>;
}

/** A file to be written: its path in the folder of manifests. */
export interface Manifest {
  readonly path: string;
  readonly text: string;
}

/** Reads what `sha256sum` prints. */
export function parseSums(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split("\n").flatMap((line) => {
      const [, sum, name] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? [];
      return sum === undefined || name === undefined ? [] : [[name, sum] as const];
    }),
  );
}

/** All manifests. @throws {Error} that names a file without a sum. */
export function makeManifests(files: ReleaseFiles): readonly Manifest[] {
  return [...wingetManifests(files), scoopManifest(files), homebrewFormula(files)];
}

function wingetManifests(files: ReleaseFiles): readonly Manifest[] {
  const { version, repository } = files;
  const head = [`PackageIdentifier: ${PUBLISHER}.earshot`, `PackageVersion: ${version}`];
  const foot = (type: string) => [`ManifestType: ${type}`, `ManifestVersion: ${WINGET_VERSION}`];
  const installer = (architecture: string, target: string) => [
    `- Architecture: ${architecture}`,
    `  InstallerUrl: ${urlOf(files, `${target}.zip`)}`,
    `  InstallerSha256: ${sumOf(files, `${target}.zip`).toUpperCase()}`,
    "  NestedInstallerFiles:",
    `  - RelativeFilePath: earshot-${version}-${target}\\earshot.exe`,
    "    PortableCommandAlias: earshot",
  ];
  const manifest = (name: string, lines: readonly string[]) => ({
    path: `winget/${PUBLISHER}.earshot${name}.yaml`,
    text: lines.map((line) => `${line}\n`).join(""),
  });
  return [
    manifest("", [...head, "DefaultLocale: en-US", ...foot("version")]),
    manifest(".installer", [
      ...head,
      "MinimumOSVersion: 10.0.0.0",
      "InstallerType: zip",
      "NestedInstallerType: portable",
      "Installers:",
      ...installer("x64", "windows-x86_64"),
      ...installer("arm64", "windows-arm64"),
      ...foot("installer"),
    ]),
    manifest(".locale.en-US", [
      ...head,
      "PackageLocale: en-US",
      `Publisher: ${PUBLISHER}`,
      "PackageName: earshot",
      `PackageUrl: https://github.com/${repository}`,
      `License: ${config.license}`,
      `ShortDescription: ${SUMMARY}`,
      ...foot("defaultLocale"),
    ]),
  ];
}

function scoopManifest(files: ReleaseFiles): Manifest {
  const { version, repository } = files;
  const machine = (target: string) => ({
    url: urlOf(files, `${target}.zip`),
    hash: sumOf(files, `${target}.zip`),
    extract_dir: `earshot-${version}-${target}`,
  });
  const manifest = {
    version,
    description: SUMMARY,
    homepage: `https://github.com/${repository}`,
    license: config.license,
    architecture: { "64bit": machine("windows-x86_64"), arm64: machine("windows-arm64") },
    bin: "earshot.exe",
  };
  return { path: "scoop/earshot.json", text: `${JSON.stringify(manifest, null, 4)}\n` };
}

function homebrewFormula(files: ReleaseFiles): Manifest {
  const { version, repository } = files;
  const machine = (processor: "arm" | "intel", target: string) => [
    `    on_${processor} do`,
    `      url "${urlOf(files, `${target}.tar.gz`)}"`,
    `      sha256 "${sumOf(files, `${target}.tar.gz`)}"`,
    "    end",
  ];
  const lines = [
    "class Earshot < Formula",
    `  desc "${SUMMARY}"`,
    `  homepage "https://github.com/${repository}"`,
    `  version "${version}"`,
    `  license "${config.license}"`,
    "",
    "  on_macos do",
    ...machine("arm", "macos-arm64"),
    ...machine("intel", "macos-x86_64"),
    "  end",
    "  on_linux do",
    ...machine("arm", "linux-arm64"),
    ...machine("intel", "linux-x86_64"),
    "  end",
    "",
    "  def install",
    '    bin.install "earshot"',
    "  end",
    "",
    "  test do",
    '    assert_match version.to_s, shell_output("#{bin}/earshot --version")',
    "  end",
    "end",
  ];
  return { path: "homebrew/earshot.rb", text: lines.map((line) => `${line}\n`).join("") };
}

function urlOf({ version, repository }: ReleaseFiles, file: string): string {
  return `https://github.com/${repository}/releases/download/v${version}/earshot-${version}-${file}`;
}

function sumOf({ version, sums }: ReleaseFiles, file: string): string {
  const name = `earshot-${version}-${file}`;
  const sum = sums.get(name);
  if (sum === undefined) throw new Error(`SHA256SUMS has no "${name}": make the whole release first`);
  return sum;
}

async function main(): Promise<void> {
  const { repository } = parseArgs(Deno.args, { string: ["repository"] });
  if (typeof repository !== "string" || !/^[\w.-]+\/[\w.-]+$/.test(repository)) {
    throw new Error("Name the repository: --repository OWNER/NAME");
  }
  const sums = parseSums(await Deno.readTextFile(join(RELEASE, "SHA256SUMS")));
  for (const { path, text } of makeManifests({ version: config.version, repository, sums })) {
    const file = join(RELEASE, "manifests", path);
    await Deno.mkdir(dirname(file), { recursive: true });
    await Deno.writeTextFile(file, text);
  }
}

if (import.meta.main) await main();
