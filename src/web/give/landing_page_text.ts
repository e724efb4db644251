/** Texts of the page that gives earshot, in English and German. They are HTML; the page escapes the values. */

import type { Platform } from "./platforms.ts";

/** The texts of one language. */
export interface LandingPageText {
  readonly tag: string;
  readonly title: string;
  readonly intro: string;
  readonly yours: string;
  readonly others: string;
  readonly all: string;
  readonly phone: string;
  readonly size: string;
  readonly sum: string;
  readonly start: string;
  readonly compare: string;
  readonly warning: string;
  readonly warningText: string;
  readonly compareHow: string;
  readonly then: string;
  readonly thenText: string;
  readonly windows: string;
  readonly mac: string;
  readonly noOthers: string;
  readonly unchecked: string;
}

const EN: LandingPageText = {
  tag: "en",
  title: "earshot",
  intro:
    "A messenger for people on the same Wi-Fi. It needs no internet and no account. It is one file, and somebody near you shares it from their own device.",
  yours: "For this device",
  others: "For other devices",
  all: "For which device?",
  phone: "earshot does not run on phones yet. Open this address on a computer.",
  size: "Size",
  sum: "SHA-256",
  start: "To start it",
  compare: "To compare it",
  warning: "Before you start it: compare",
  warningText:
    "This page came over plain http. <strong>Anybody on this Wi-Fi could have swapped the file and the numbers on this page.</strong> Compute the SHA-256 on your own computer, and compare it by eye with <strong>the screen of the person who gives you earshot</strong>: the first four groups of four characters. If they differ, delete the file.",
  compareHow: "The command below each file computes it. Trust only that person’s screen, not this page.",
  then: "After that",
  thenText:
    "Choose a name. People on this Wi-Fi who run earshot appear within a second or two. Nothing is installed: to remove earshot, delete the file.",
  windows:
    "If Windows warns about an unknown program, choose “More info”, then “Run anyway”. If it asks about the firewall, allow private networks.",
  mac: "In Terminal, in your downloads folder:",
  noOthers: "There are no files for other systems here.",
  unchecked:
    "This file was found beside the other person’s earshot. Its SHA-256 shows that it arrived intact, not who made it. Ask that person where they got it.",
};

const DE: LandingPageText = {
  tag: "de",
  title: "earshot",
  intro:
    "Ein Messenger für Leute im selben WLAN. Er braucht kein Internet und kein Konto. Er ist eine einzige Datei, und jemand in deiner Nähe gibt sie vom eigenen Gerät weiter.",
  yours: "Für dieses Gerät",
  others: "Für andere Geräte",
  all: "Für welches Gerät?",
  phone: "Auf Telefonen läuft earshot noch nicht. Öffne diese Adresse auf einem Computer.",
  size: "Größe",
  sum: "SHA-256",
  start: "Starten",
  compare: "Vergleichen",
  warning: "Vor dem Start: vergleichen",
  warningText:
    "Diese Seite kam über unverschlüsseltes http. <strong>Jeder in diesem WLAN könnte die Datei und die Zahlen auf dieser Seite vertauscht haben.</strong> Berechne die SHA-256-Summe auf deinem eigenen Computer und vergleiche sie mit <strong>dem Bildschirm der Person, die dir earshot gibt</strong>: die ersten vier Gruppen aus vier Zeichen. Sind sie verschieden, lösche die Datei.",
  compareHow:
    "Der Befehl unter jeder Datei berechnet sie. Nur der Bildschirm dieser Person zählt, nicht diese Seite.",
  then: "Danach",
  thenText:
    "Wähle einen Namen. Leute in diesem WLAN, die earshot benutzen, erscheinen in ein, zwei Sekunden. Installiert wird nichts: Um earshot zu entfernen, lösche die Datei.",
  windows:
    "Wenn Windows vor einem unbekannten Programm warnt: „Weitere Informationen“, dann „Trotzdem ausführen“. Fragt es nach der Firewall, erlaube private Netze.",
  mac: "Im Terminal, in deinem Download-Ordner:",
  noOthers: "Für andere Systeme gibt es hier keine Dateien.",
  unchecked:
    "Diese Datei lag neben dem earshot der anderen Person. Die SHA-256-Summe zeigt, dass sie heil ankam, nicht, von wem sie ist. Frag nach, woher sie kommt.",
};

/** German if the browser's Accept-Language prefers it to English; else English. */
export function chooseLandingPageText(languages: string): LandingPageText {
  const wanted = languages.toLowerCase().split(",").map((each) => {
    const [tag = "", ...more] = each.trim().split(";");
    const weight = more.map((one) => /^\s*q=([01](?:\.\d{0,3})?)\s*$/.exec(one)?.[1]).find(Boolean);
    return { tag: tag.trim(), weight: Number(weight ?? 1) };
  });
  const weightOf = (language: string) =>
    Math.max(0, ...wanted.filter(({ tag }) => tag.split("-")[0] === language).map(({ weight }) => weight));
  // Of two equal weights, the language that is named first wins.
  const firstOf = (language: string) => wanted.findIndex(({ tag }) => tag.split("-")[0] === language);
  const [german, english] = [weightOf("de"), weightOf("en")];
  if (german === english) return german > 0 && firstOf("de") < firstOf("en") ? DE : EN;
  return german > english ? DE : EN;
}

/** Shell commands that start the file, run in its folder. */
export function listStartLines(
  { target: { family, archive }, name }: { readonly target: Platform; readonly name: string },
): readonly string[] {
  const isPacked = name.endsWith(`.${archive}`);
  const folder = name.slice(0, -archive.length - 1);
  if (family === "windows") return isPacked ? [`tar -xf ${name}`, `${folder}\\earshot.exe`] : [`.\\${name}`];
  const program = isPacked ? `./${folder}/earshot` : `./${name}`;
  return [
    isPacked ? `tar -xzf ${name}` : `chmod +x ${name}`,
    // Safari marks downloads, and macOS refuses to start marked programs without Apple's signature.
    ...family === "macos" ? [`xattr -d com.apple.quarantine ${program}`] : [],
    program,
  ];
}

/** The shell command that computes the file's SHA-256. */
export function formatSumLine(
  { target: { family }, name }: { readonly target: Platform; readonly name: string },
): string {
  switch (family) {
    case "windows":
      return `certutil -hashfile ${name} SHA256`;
    case "macos":
      return `shasum -a 256 ${name}`;
    case "linux":
      return `sha256sum ${name}`;
  }
}
