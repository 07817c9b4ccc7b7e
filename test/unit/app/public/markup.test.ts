import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { badgeText, renderBadge } from '#app/_public/badge.ts';
import { escapeMarkup, html } from '#app/_public/html.ts';
import { drawnName } from '#app/_public/preview.tsx';
import { hasTag } from '#app/_public/respond.ts';
import { isPublicSlug, suggestSlug } from '#lib/provenance/public-slug.ts';
import { PUBLIC, PUBLIC_STATES } from '#lib/provenance/public-state.ts';

const SINCE = Date.UTC(2026, 2, 12);
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'<>&"\'{}`\\\u0000\u202e\n') }),
);

describe('markup of public pages', () => {
  it('escapes whatever is put into it, and leaves markup of its own alone', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const made = html`<p title="${text}">${[text, html`<b>${text}</b>`]}</p>`.text;
        const escaped = escapeMarkup(text);
        expect(made).toBe(`<p title="${escaped}">${escaped}<b>${escaped}</b></p>`);
        expect(escaped).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
      }),
    );
  });

  it('has a badge that is one line of well-bounded SVG for any name', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom(...PUBLIC_STATES), (name, state) => {
        const badge = renderBadge({ name, state, since: SINCE });
        expect(badge.match(/<[a-z]+/g)).toEqual(renderBadge({ name: '', state, since: SINCE }).match(/<[a-z]+/g));
        expect(badge.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        expect(badge.length).toBeLessThan(4000);
      }),
    );
  });

  it('says the word and the date of every state on a badge', () => {
    for (const state of PUBLIC_STATES) {
      expect(badgeText({ state, since: SINCE })).toBe(`${PUBLIC[state].word}, 12 Mar 2026`);
    }
  });

  it('makes slugs of any name, and takes no others', () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1 }), (names) => {
        const slug = suggestSlug(names, 'reserve');
        expect(isPublicSlug(slug)).toBe(true);
        expect(encodeURIComponent(slug)).toBe(slug);
      }),
    );
  });

  it('draws no name for which a font would have to be fetched', () => {
    const facts = { label: null, reserve: 'the-slug' };
    expect(drawnName({ ...facts, name: 'Granit größer 8B' })).toBe('Granit größer 8B');
    for (const name of ['模型', 'model 🙂', 'a\u202eb', 'a\u0000b', '', 'Модель', 'a\u0301']) {
      expect(drawnName({ ...facts, name }), name).toBe('the-slug');
    }
    expect(drawnName({ ...facts, name: 'x', label: '模' })).toBe('the-slug');
    expect([...drawnName({ ...facts, name: 'x'.repeat(5000) })]).toHaveLength(60);
  });

  it('compares tags as HTTP does', () => {
    const tag = 'W/"abc"';
    for (const stated of ['W/"abc"', '"abc"', '"x", W/"abc"', '*']) expect(hasTag(stated, tag), stated).toBe(true);
    for (const stated of [null, '', 'abc', '"abcd"', '"x"', `${' '.repeat(3000)}"abc"`]) {
      expect(hasTag(stated, tag), String(stated)).toBe(false);
    }
  });
});
