/** Compares texts as a reader would: without regard to case, width and marks. */

/** Marks that stand above, below or inside a letter of these scripts. In Indic and Kana they are part of the spelling. */
const OPTIONAL_MARKS =
  /(?=\p{M})(?![\u3099\u309A])[\p{sc=Inherited}\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}\p{sc=Hebrew}\p{sc=Arabic}\p{sc=Syriac}]/gu;
const INVISIBLE = /\p{DI}/gu;

/**
 * A key for searching: equal for texts that differ only in case (full Unicode case folding: ß is ss, final ς is σ, İ
 * and ı are i), width, ligatures, invisible characters, or in accents and vowel points. The text must be sanitized, so
 * that no letter has unlimited marks; then this takes linear time.
 */
export function toSearchKey(text: string): string {
  // Upper case unites forms that lower case keeps apart, but knows no ẞ. The last step makes a final Σ a ς again.
  return text.normalize("NFKD").replace(INVISIBLE, "").replace(OPTIONAL_MARKS, "")
    .toLowerCase().toUpperCase().toLowerCase().normalize("NFKD").replace(OPTIONAL_MARKS, "").replaceAll(
      "ς",
      "σ",
    )
    .normalize("NFC");
}
