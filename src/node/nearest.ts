/** "Did you mean …?" */

import { closestString, levenshteinDistance } from "@std/text";

/** Letters that may differ, as a part of the word's length: a third is a slip of the fingers (two letters swapped are two), more is another word. */
const DISTANCE_SHARE_MAX = 0.34;

/** The word that was most likely meant, or null if none is near. */
export function nearest(word: string, words: readonly string[]): string | null {
  if (words.length === 0) return null;
  const closest = closestString(word, words);
  const distance = levenshteinDistance(word.toLowerCase(), closest.toLowerCase());
  return distance <= Math.max(1, Math.round(closest.length * DISTANCE_SHARE_MAX)) ? closest : null;
}
