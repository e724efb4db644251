/** Sentences of the node as the page shows them. They hint at commands of a shell, which a page has buttons for. Pure. */

import type { NodeSentences } from "./catalogue.ts";

/** A hint such as `See who is there with "earshot peers"`, or `To talk again: earshot contacts unblock bob`: the end of a sentence that names a command. */
const COMMAND_HINT =
  /(?<=^|[.:?!] )[^.:?!]*(?:: ?|"|\b)earshot (?:contacts|peers|rooms|join|host|connect|send|status|rescan|invite|renew|requests|accept|leave|search|export|help|nick|away|log|who|page)\b.*$/;

const SENTENCE_END = /(?<=[.?!]) (?=[\p{Lu}\d])/u;
const PART = "((?:(?![.?!] [\\p{Lu}\\d]).)*?)";
/** Sentences that one pattern covers. */
const TOGETHER_MAX = 3;

/** The sentences in another language, as far as the table has them; without hints at commands. */
export function inLanguage(text: string, table: NodeSentences): string {
  const sentences = withoutCommands(text).split(SENTENCE_END);
  const said: string[] = [];
  for (let at = 0; at < sentences.length;) {
    const [translated, count] = longestFound(sentences.slice(at), table);
    said.push(translated);
    at += count;
  }
  return said.join(" ");
}

/** The table's sentence for as many of these as one pattern covers, from the first on; else the first one as it is. */
function longestFound(sentences: readonly string[], table: NodeSentences): readonly [string, number] {
  for (let count = Math.min(sentences.length, TOGETHER_MAX); count > 0; count--) {
    const translated = lookUp(sentences.slice(0, count).join(" "), table);
    if (translated !== null) return [translated, count];
  }
  return [sentences[0] ?? "", 1];
}

/** Without a last sentence that names a command, or without the command where that is the only sentence; all of it, if nothing else would be left. */
export function withoutCommands(text: string): string {
  const rest = text.replace(COMMAND_HINT, "").trimEnd();
  if (rest === text) return text;
  return rest === "" ? text.replace(/: ?earshot .*$/, "") : rest.replace(/:$/, "");
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

/** What stands for a part does not reach beyond the end of a sentence. */
function regExpOf(pattern: string): RegExp {
  const source = pattern.split(/\{\d\}/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(
    PART,
  );
  return new RegExp(`^${source}$`, "su");
}
