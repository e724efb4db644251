/** What the page says where earshot is given, in English and German. Texts are HTML; what is put in is escaped by the page. */

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
    "A messenger for people on the same Wi-Fi, without internet and without an account. It is one file: somebody near you gives it to you from their own device.",
  yours: "For this device",
  others: "For other devices",
  all: "For which device?",
  phone: "On a phone earshot does not run yet. Open this address on a computer.",
  size: "Size",
  sum: "SHA-256",
  start: "To start it",
  compare: "To compare it",
  warning: "Before you start it: compare",
  warningText:
    "This page came over plain http. <strong>Anybody on this Wi-Fi could have swapped the file, and the numbers on this page with it.</strong> So compute the sum on your own computer, and compare it with what stands <strong>on the screen of the person who gives you earshot</strong>, by eye: the first four groups of four characters. If they differ, delete the file.",
  compareHow: "The line under each file computes the sum. Only the giver’s own screen counts, not this page.",
  then: "After that",
  thenText:
    "Choose a name. Whoever is on this Wi-Fi and runs earshot appears by itself within a second or two. Nothing is installed: to get rid of it, delete the file.",
  windows:
    "If Windows warns that it does not know the program: “More info”, “Run anyway”. If it asks about the firewall, allow private networks.",
  mac: "In Terminal, in the folder of your downloads:",
  noOthers: "For other systems the giver has put no file here.",
  unchecked:
    "This file lay beside the giver’s own. Its sum tells that it came over whole, not whose it is: ask the giver where they have it from.",
};

const DE: LandingPageText = {
  tag: "de",
  title: "earshot",
  intro:
    "Ein Messenger für Leute im selben WLAN, ohne Internet und ohne Konto. Er ist eine einzige Datei: Jemand in deiner Nähe gibt sie dir von seinem eigenen Gerät.",
  yours: "Für dieses Gerät",
  others: "Für andere Geräte",
  all: "Für welches Gerät?",
  phone: "Auf einem Telefon läuft earshot noch nicht. Öffne diese Adresse auf einem Computer.",
  size: "Größe",
  sum: "SHA-256",
  start: "Starten",
  compare: "Vergleichen",
  warning: "Vor dem Start: vergleichen",
  warningText:
    "Diese Seite kam über unverschlüsseltes http. <strong>Jeder in diesem WLAN könnte die Datei vertauscht haben, und die Zahlen auf dieser Seite gleich mit.</strong> Berechne die Summe deshalb auf deinem eigenen Computer und vergleiche sie mit dem, was <strong>auf dem Bildschirm der Person steht, die dir earshot gibt</strong>, mit den Augen: die ersten vier Gruppen aus vier Zeichen. Sind sie verschieden, lösche die Datei.",
  compareHow:
    "Die Zeile unter jeder Datei berechnet die Summe. Es zählt nur der Bildschirm der Person, die sie dir gibt, nicht diese Seite.",
  then: "Danach",
  thenText:
    "Wähle einen Namen. Wer in diesem WLAN ist und earshot benutzt, erscheint in ein, zwei Sekunden von selbst. Installiert wird nichts: Um es loszuwerden, lösche die Datei.",
  windows:
    "Warnt Windows, weil es das Programm nicht kennt: „Weitere Informationen“, „Trotzdem ausführen“. Fragt es nach der Firewall, erlaube private Netze.",
  mac: "Im Terminal, im Ordner deiner Downloads:",
  noOthers: "Für andere Systeme steht hier keine Datei.",
  unchecked:
    "Diese Datei lag neben der, die bei der anderen Person läuft. Die Summe zeigt, dass sie heil ankam, nicht, von wem sie ist: Frag nach, woher sie kommt.",
};

/** German where that is preferred to English, as browsers say it; else English. */
export function landingPageText(languages: string): LandingPageText {
  const wanted = languages.toLowerCase().split(",").map((each) => {
    const [tag = "", ...more] = each.trim().split(";");
    const weight = more.map((one) => /^\s*q=([01](?:\.\d{0,3})?)\s*$/.exec(one)?.[1]).find(Boolean);
    return { tag: tag.trim(), weight: Number(weight ?? 1) };
  });
  const weightOf = (language: string) =>
    Math.max(0, ...wanted.filter(({ tag }) => tag.split("-")[0] === language).map(({ weight }) => weight));
  // Equals go by what is named first.
  const firstOf = (language: string) => wanted.findIndex(({ tag }) => tag.split("-")[0] === language);
  const [german, english] = [weightOf("de"), weightOf("en")];
  if (german === english) return german > 0 && firstOf("de") < firstOf("en") ? DE : EN;
  return german > english ? DE : EN;
}

/** Lines for a shell that start the file, in the folder where it is; none for Windows, where it is opened. */
export function startLines(
  { target: { family, archive }, name }: { readonly target: Platform; readonly name: string },
): readonly string[] {
  const isPacked = name.endsWith(`.${archive}`);
  const folder = name.slice(0, -archive.length - 1);
  if (family === "windows") return isPacked ? [`tar -xf ${name}`, `${folder}\\earshot.exe`] : [`.\\${name}`];
  const program = isPacked ? `./${folder}/earshot` : `./${name}`;
  return [
    isPacked ? `tar -xzf ${name}` : `chmod +x ${name}`,
    // Safari marks what it loads, and macOS then refuses what nobody paid to have signed.
    ...family === "macos" ? [`xattr -d com.apple.quarantine ${program}`] : [],
    program,
  ];
}

/** The line for a shell that computes the sum. */
export function sumLine(
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
