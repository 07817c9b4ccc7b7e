import { formatUtcDate } from '#lib/provenance/format.ts';
import { PUBLIC, type PublicState } from '#lib/provenance/public-state.ts';
import type { Tone } from '#lib/provenance/state.ts';
import { showText } from '#lib/provenance/untrusted-text.ts';
import { escapeMarkup } from './html.ts';

interface BadgeFacts {
  /** For the title alone. */
  readonly name: string;
  readonly state: PublicState;
  readonly since: number;
}

/** White text reads on all of them, whatever the page behind the badge has (WCAG AA). */
export const BADGE_COLOURS: Readonly<Record<Tone, string>> = {
  proven: '#0d683b',
  claimed: '#805000',
  broken: '#b0251b',
  unknown: '#4b565e',
};

const LABEL = 'provenance';
const HEIGHT = 20;
const PAD = 7;
/** Pixels of a letter at 11 pixels in the faces that browsers have; `textLength` makes any other fit. */
const NARROW = 3.6;
const WIDE = 9.2;
const USUAL = 6.4;

/** What a badge says: the word of the state, and the date since when it holds. */
export function badgeText({ state, since }: Pick<BadgeFacts, 'state' | 'since'>): string {
  return `${PUBLIC[state].word}, ${formatUtcDate(since)}`;
}

/** A badge as an SVG of its own: no font and nothing else from anywhere, and the same width everywhere. */
export function renderBadge(facts: BadgeFacts): string {
  const text = badgeText(facts);
  const left = widthOf(LABEL) + 2 * PAD;
  const right = widthOf(text) + 2 * PAD;
  const width = left + right;
  const title = escapeMarkup(`${[...showText(facts.name)].slice(0, 120).join('')}: ${LABEL} ${text}`);
  const word = (content: string, x: number, length: number) =>
    `<text x="${x}" y="14" textLength="${length}" lengthAdjust="spacingAndGlyphs">${escapeMarkup(content)}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${HEIGHT}" viewBox="0 0 ${width} ${HEIGHT}" role="img" aria-labelledby="t"><title id="t">${title}</title><rect width="${width}" height="${HEIGHT}" rx="3" fill="${BADGE_COLOURS[PUBLIC[facts.state].tone]}"/><path d="M3 0h${left - 3}v${HEIGHT}H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z" fill="#2b3236"/><rect x=".5" y=".5" width="${width - 1}" height="${HEIGHT - 1}" rx="2.5" fill="none" stroke="#fff" stroke-opacity=".25"/><g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">${word(LABEL, PAD, left - 2 * PAD)}${word(text, left + PAD, right - 2 * PAD)}</g></svg>\n`;
}

function widthOf(text: string): number {
  const letter = (character: string) =>
    /[ ijlt.,:1fI'|]/.test(character) ? NARROW : /[mwMWO]/.test(character) ? WIDE : USUAL;
  return Math.ceil([...text].reduce((width, character) => width + letter(character), 0));
}
