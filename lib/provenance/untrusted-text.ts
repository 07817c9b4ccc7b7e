/** Controls, format and bidi characters, zero-width and other invisible ones, and spaces other than U+0020. */
const INVISIBLE = /[\p{C}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Z}/gu;

/**
 * Text of a stranger as it may stand on a page: whatever could hide, reorder or blank out text is written out (`\u{202e}`).
 * Backslashes stay, so that text which lib/watch/display.ts has already escaped reads the same.
 */
export function showText(text: string): string {
  return text.replace(INVISIBLE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** At most `limit` characters, with the middle left out: the ends of identities and digests are what tells them apart. */
export function elideMiddle(text: string, limit: number): string {
  const characters = [...text];
  if (characters.length <= limit) return text;
  const kept = Math.max(2, limit - 1);
  const head = Math.ceil(kept / 2);
  return `${characters.slice(0, head).join('')}…${characters.slice(characters.length - (kept - head)).join('')}`;
}
