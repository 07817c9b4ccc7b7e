import { describe, expect, it } from 'vitest';
import { layOutTimeline, type Signing } from '#lib/provenance/timeline.ts';
import { MINT_TIME } from '#test/factories.ts';
import { drawTimeline } from '../../../app/_models/drawn-timeline.ts';

const DAY = 86_400_000;

function signing(day: number, overrides: Partial<Signing> = {}): Signing {
  const who = { san: 'release-bot@models.example', issuer: null, authenticity: 'verified' } as const;
  return { id: `s${day}`, kind: 'model', at: MINT_TIME + day * DAY, label: `version ${day}`, ...who, ...overrides };
}

const draw = (signings: readonly Signing[], most = 12) =>
  drawTimeline(layOutTimeline(signings, MINT_TIME + 400 * DAY), most, ({ id }) => `#signing-${id}`);

describe('a timeline as the browser draws it', () => {
  it('has a mark for several as the worst of them, and counts those that it does not tell', () => {
    const crowd = Array.from({ length: 7 }, (_, i) => signing(i / 1000, { id: `c${i}`, kind: 'unclaimed' }));
    const { lanes, kinds } = draw([...crowd, signing(0.008, { id: 'worst', kind: 'undated' }), signing(300)]);
    expect(lanes[0]?.marks).toMatchObject([
      { kind: 'undated', count: 8, href: '#signing-c0', title: expect.stringMatching(/^8 signings from/) },
      { kind: 'model', count: 1, href: '#signing-s300', title: expect.stringMatching(/^Model signature, version 300/) },
    ]);
    expect(lanes[0]?.marks[0]?.told).toHaveLength(5);
    expect(kinds).toEqual(['model', 'undated', 'unclaimed']);
  });

  it('draws the first lanes only, and no change that leads to one that is not drawn', () => {
    const signings = [0, 10, 20].map((day) => signing(day, { san: `bot-${day}@models.example` }));
    expect(draw(signings).changes).toHaveLength(2);
    const few = draw(signings, 2);
    expect(few.lanes).toHaveLength(2);
    expect(few.changes).toHaveLength(1);
  });

  it('makes what a label hides visible', () => {
    const { lanes } = draw([signing(0, { label: 'a\u202eb' })]);
    expect(lanes[0]?.marks[0]?.told[0]?.label).not.toContain('\u202e');
  });
});
