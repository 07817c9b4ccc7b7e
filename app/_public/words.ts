import { formatIso, formatUtc, formatUtcDate, TIME_SOURCES } from '#lib/provenance/format.ts';
import type { Sentence } from '#lib/provenance/sentence.ts';
import type { State, Tone } from '#lib/provenance/state.ts';
import { elideMiddle, showText } from '#lib/provenance/untrusted-text.ts';
import { html, type Markup } from './html.ts';

/** Nobody reads more of a title. */
const TITLE_LIMIT = 1000;

/** A name, digest or identity of a stranger: contained, middle-elided, whole on hover. */
export function value(text: string, limit = 64, kind: 'mono' | 'plain' = 'mono'): Markup {
  const shown = showText(text);
  const elided = elideMiddle(shown, limit);
  const title = elided === shown ? null : html` title="${elideMiddle(shown, TITLE_LIMIT)}"`;
  return kind === 'mono' ? html`<bdi class="mono"${title}>${elided}</bdi>` : html`<bdi${title}>${elided}</bdi>`;
}

export function time(at: number): Markup {
  return html`<time datetime="${formatIso(at)}">${formatUtc(at)}</time>`;
}

export function day(at: number): Markup {
  return html`<time datetime="${formatIso(at)}">${formatUtcDate(at)}</time>`;
}

/** A state: its shape, which stands without its colour too, and its word. */
export function mark({ tone, word, meaning }: State): Markup {
  return html`<span class="state ${tone}" title="${meaning}">${glyph(tone)}${word}</span>`;
}

export function glyph(tone: Tone): Markup {
  return html`<svg class="glyph" width="14" height="14" viewBox="0 0 16 16" aria-hidden="true">${SHAPES[tone]}</svg>`;
}

/** The shapes of app/_ui/state-mark.tsx, without React. */
const SHAPES: Readonly<Record<Tone, Markup>> = {
  proven: html`<circle cx="8" cy="8" r="7" fill="currentColor"/><path class="cut" d="M4.8 8.2l2.2 2.3 4.2-4.8" fill="none" stroke-width="1.8"/>`,
  claimed: html`<path d="M8 1.6L14.4 8 8 14.4 1.6 8z" fill="none" stroke="currentColor" stroke-width="1.7"/>`,
  broken: html`<path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" fill="currentColor"/><path class="cut" d="M5.3 5.3l5.4 5.4M10.7 5.3l-5.4 5.4" stroke-width="1.8"/>`,
  unknown: html`<circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="1.7" stroke-dasharray="3 2.57"/>`,
};

/** A sentence of ours with the values of strangers set apart. */
export function sentence(parts: Sentence): readonly Markup[] {
  return parts.map((part) => {
    if (typeof part === 'string') return html`${part}`;
    if (part.kind !== 'time') return value(part.value, 128);
    return part.source === null ? time(part.at) : html`${time(part.at)} (${TIME_SOURCES[part.source]})`;
  });
}
