import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layOutTimeline, type Signing } from '#lib/provenance/timeline.ts';
import { timelineTicks } from '#lib/provenance/timeline-ticks.ts';

const DAY = 86_400_000;
const T0 = Date.UTC(2026, 0, 5);

function signing(days: number, change: Partial<Signing> = {}): Signing {
  return {
    id: `s${days}`,
    kind: 'model',
    at: T0 + days * DAY,
    san: 'bot@models.example',
    issuer: 'https://accounts.models.example',
    authenticity: 'verified',
    label: `version ${days}`,
    ...change,
  };
}

describe('a timeline', () => {
  it('has one lane a signer, and an address at two issuers is two signers', () => {
    const { lanes } = layOutTimeline(
      [signing(0), signing(9), signing(4, { issuer: 'https://elsewhere.example' })],
      T0 + 10 * DAY,
    );
    expect(lanes.map(({ issuer }) => issuer)).toEqual(['https://accounts.models.example', 'https://elsewhere.example']);
    expect(lanes[0]?.marks).toHaveLength(2);
  });

  it('shows where the signer changed', () => {
    const { changes } = layOutTimeline(
      [signing(0), signing(5, { san: 'other@models.example' }), signing(9)],
      T0 + 10 * DAY,
    );
    expect(changes.map(({ at, fromLane, toLane }) => [at, fromLane, toLane])).toEqual([
      [T0 + 5 * DAY, 0, 1],
      [T0 + 9 * DAY, 1, 0],
    ]);
  });

  it('does not take another signer’s statement, or an unclaimed signing, for a change of signer', () => {
    const { changes } = layOutTimeline(
      [
        signing(0),
        signing(3, { kind: 'attestation', san: 'ci@models.example' }),
        signing(4, { kind: 'unclaimed', san: 'x@models.example' }),
        signing(9),
      ],
      T0 + 10 * DAY,
    );
    expect(changes).toEqual([]);
  });

  it('shows a silence that is long for this model, and no other', () => {
    const regular = [0, 10, 20, 30, 40].map((days) => signing(days));
    expect(layOutTimeline(regular, T0 + 41 * DAY).gaps).toEqual([]);
    const { gaps } = layOutTimeline([...regular, signing(140)], T0 + 141 * DAY);
    expect(gaps.map(({ from, to }) => [from, to])).toEqual([[T0 + 40 * DAY, T0 + 140 * DAY]]);
  });

  it('leaves the present out when the signings would shrink to nothing beside the time since', () => {
    expect(layOutTimeline([signing(0), signing(10)], T0 + 20 * DAY).nowX).not.toBeNull();
    expect(layOutTimeline([signing(0), signing(10)], T0 + 400 * DAY).nowX).toBeNull();
  });

  it('stands for every signing once, in order, within the picture', () => {
    const signings = fc.array(
      fc.record({
        days: fc.integer({ min: 0, max: 2000 }),
        lane: fc.integer({ min: 0, max: 4 }),
        kind: fc.constantFrom('model', 'attestation', 'unclaimed'),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(signings, fc.integer({ min: 0, max: 3000 }), (given, now) => {
        const all = given.map(({ days, lane, kind }, i) =>
          signing(days, { id: `s${i}`, san: `signer-${lane}`, kind: kind as Signing['kind'] }),
        );
        const { lanes, ticks, gaps } = layOutTimeline(all, T0 + now * DAY);
        const marks = lanes.flatMap((lane) => lane.marks);
        expect(marks.flatMap((mark) => mark.signings.map(({ id }) => id)).sort()).toEqual(
          all.map(({ id }) => id).sort(),
        );
        for (const { x } of [...marks, ...ticks]) expect(x).toSatisfy((value: number) => value >= 0 && value <= 1);
        for (const lane of lanes)
          expect(lane.marks.map(({ x }) => x)).toEqual(lane.marks.map(({ x }) => x).sort((a, b) => a - b));
        for (const { x1, x2 } of gaps) expect(x2).toBeGreaterThan(x1);
      }),
    );
  });
});

describe('the ticks of a timeline', () => {
  it('are round moments in UTC within the span, six at most', () => {
    expect(timelineTicks(T0, T0 + 200 * DAY).map(({ label }) => label)).toEqual(['Mar 2026', 'May 2026', 'Jul 2026']);
    expect(timelineTicks(T0, T0 + 3 * DAY).map(({ label }) => label)).toEqual([
      '5 Jan',
      '12:00',
      '6 Jan',
      '12:00',
      '7 Jan',
      '12:00',
    ]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 1, max: 1e12 }), (from, span) => {
        const ticks = timelineTicks(from, from + span);
        expect(ticks.length).toBeLessThanOrEqual(6);
        for (const { at } of ticks) expect(at).toSatisfy((value: number) => value >= from && value <= from + span);
      }),
    );
  });
});
