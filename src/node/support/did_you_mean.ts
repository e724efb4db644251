/** Finds the word for "Did you mean …?". */

import { closestString, levenshteinDistance } from "@std/text";

/** Share of a word's letters that may differ: a third is a typing slip (two swapped letters count as two); more makes another word. */
const DISTANCE_SHARE_MAX = 0.34;
/** Two swapped letters count as two changes: "jion". */
const SWAP_DISTANCE = 2;

/** The word that was most likely meant, or null if no word is close. */
export function findNearest(word: string, words: readonly string[]): string | null {
  if (words.length === 0) return null;
  const swapped = words.find((each) => isSwapped(each.toLowerCase(), word.toLowerCase()));
  const closest = swapped ?? closestString(word, words);
  const distance = levenshteinDistance(word.toLowerCase(), closest.toLowerCase());
  const distanceMax = swapped === undefined
    ? Math.max(1, closest.length * DISTANCE_SHARE_MAX)
    : SWAP_DISTANCE;
  return distance <= distanceMax ? closest : null;
}

/** Whether the words differ only by two swapped letters. */
function isSwapped(left: string, right: string): boolean {
  const sorted = (text: string) => [...text].sort().join("");
  return left.length === right.length && sorted(left) === sorted(right) &&
    levenshteinDistance(left, right) <= SWAP_DISTANCE;
}
