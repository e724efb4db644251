/** "Did you mean …?" */

import { closestString, levenshteinDistance } from "@std/text";

/** Letters that may differ, as a part of the word's length: a third is a slip of the fingers (two letters swapped are two), more is another word. */
const DISTANCE_SHARE_MAX = 0.34;
/** Two letters that changed places count as two changes: "jion". */
const SWAP_DISTANCE = 2;

/** The word that was most likely meant, or null if none is near. */
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

/** Whether the words have the same letters in another order, two of them changed. */
function isSwapped(left: string, right: string): boolean {
  const sorted = (text: string) => [...text].sort().join("");
  return left.length === right.length && sorted(left) === sorted(right) &&
    levenshteinDistance(left, right) <= SWAP_DISTANCE;
}
