/** The part of @std/text that earshot uses: the types that the npm build of the package leaves out. */

/** How many letters must be added, removed or replaced to get from one text to the other. */
export function levenshteinDistance(str1: string, str2: string): number;
/** The word of the list that is most like the given one. @throws {TypeError} for an empty list. */
export function closestString(
  givenWord: string,
  possibleWords: readonly string[],
  options?: { readonly caseSensitive?: boolean },
): string;
