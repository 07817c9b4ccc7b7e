import { asciiLike } from './confusables.ts';
import { decodeHostLabels } from './punycode.ts';

/** What cannot be seen: controls, format, bidi and zero-width characters, spaces of every width, private use, unassigned. */
const INVISIBLE = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/gu;
const MARK = /\p{M}/gu;
const UNSEEN_OR_MARK = /[\p{C}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u;
const PLAIN_ASCII = /^[\x21-\x7e]*$/;

/** Of ASCII: what is drawn alike, after capitals were made small. One character may stand for two, never the reverse. */
const ALIKE: Readonly<Record<string, string>> = { '0': 'o', '1': 'l', i: 'l', '|': 'l', m: 'rn', w: 'vv' };
/** A glob's wildcards; where a value looks like one, it must not become one. */
const NO_WILDCARD: Readonly<Record<string, string>> = { '*': '\x01', '?': '\x02' };

/** The text without all that cannot be seen. */
export function visibleText(text: string): string {
  return PLAIN_ASCII.test(text) ? text : text.replace(INVISIBLE, '');
}

/** The ASCII that the text looks like, as far as it looks like ASCII: invisible characters and accents left out. */
export function latinText(text: string): string {
  const visible = decodeHostLabels(visibleText(text));
  if (PLAIN_ASCII.test(visible)) return visible;
  let latin = '';
  // Marks go first: putting a long run of them in order, as decomposition does, takes more than linear time.
  for (const character of visible.replace(MARK, '').normalize('NFKD')) {
    if (character < '\x80') latin += character === ' ' ? '' : character;
    else if (!UNSEEN_OR_MARK.test(character)) latin += asciiLike(character);
  }
  return latin;
}

/**
 * What is left of a text when all that a reader could confuse is made the same (the skeleton of UTS #39, with a table of
 * our own, and upper and lower case the same): equal skeletons look alike. But for host labels in `xn--`, a text's
 * skeleton is that of its parts, one after another.
 */
export function skeletonOf(text: string): string {
  return skeletonOfLatin(latinText(text));
}

/** As `skeletonOf`, for what `latinText` gave. */
export function skeletonOfLatin(latin: string): string {
  return latin.toLowerCase().replace(/[01i|mw*?]/g, (letter) => ALIKE[letter] ?? NO_WILDCARD[letter] ?? letter);
}
