/** Sentences of the node as the page shows them. They hint at commands of a shell, which a page has buttons for. Pure. */

import type { NodeSentences } from "./catalogue.ts";

/** A hint such as `See who is there with "earshot peers"`, or `To talk again: earshot contacts unblock bob`: the end of a sentence that names a command. */
const COMMAND_HINT =
  /(?<=^|[.:?!] )[^.:?!]*(?:: ?|"|\b)earshot (?:contacts|peers|rooms|join|host|connect|send|status|rescan|invite|renew|requests|accept|leave|search|export|help|nick|away|log|who|page)\b.*$/;

/** The sentences in another language, as far as the table has them; without hints at commands. */
export function inLanguage(text: string, table: NodeSentences): string {
  const plain = withoutCommands(text);
  const whole = lookUp(plain, table);
  if (whole !== null) return whole;
  // Several sentences in a row are looked up one by one.
  return plain.split(/(?<=[.?!]) (?=\p{Lu})/u).map((one) => lookUp(one, table) ?? one).join(" ");
}

/** Without a last sentence that names a command; all of it, if nothing else would be left. */
export function withoutCommands(text: string): string {
  const rest = text.replace(COMMAND_HINT, "").trimEnd();
  return rest === "" ? text : rest.replace(/:$/, "");
}

function lookUp(sentence: string, table: NodeSentences): string | null {
  for (const [pattern, translated] of table) {
    const found = regExpOf(pattern).exec(sentence);
    if (found === null) continue;
    // Within a sentence may be one that is in the table too, such as why a name is refused.
    return translated.replaceAll(/\{(\d)\}/g, (_, index) => {
      const part = found[Number(index)] ?? "";
      return part === sentence ? part : lookUp(part, table) ?? part;
    });
  }
  return null;
}

function regExpOf(pattern: string): RegExp {
  const source = pattern.split(/\{\d\}/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(
    "(.*?)",
  );
  return new RegExp(`^${source}$`, "s");
}
