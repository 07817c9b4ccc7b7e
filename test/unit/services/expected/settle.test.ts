import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventMatches, events } from '#db/schema/event.ts';
import { expectedSignings } from '#db/schema/expected.ts';
import { assignExpected } from '#lib/services/expected/assign.ts';
import { declareExpected } from '#lib/services/expected/declare.ts';
import { settleExpected } from '#lib/services/expected/settle.ts';
import { withdrawExpected } from '#lib/services/expected/withdraw.ts';
import { type EventRow, MINT_TIME, mintCertificate, mintCheckpoint, mintEvent, mintLog } from '#test/factories.ts';
import { openContext, type TestContext } from '#test/support/context.ts';

type Of<A> = A extends fc.Arbitrary<infer T> ? T : never;

const API = { source: 'api', declaredBy: 'ci' } as const;
const BOT = { identity: 'release-bot@models.example', issuer: 'https://accounts.models.example' };
const OWN = { rule: 'Release bot', field: 'san', value: BOT.identity, how: 'exact', own: true } as const;
const RUN = 'https://code.example/team/train/actions/runs/7/attempts/1';

let ctx: TestContext;
let place: Pick<NonNullable<Parameters<typeof mintEvent>[1]>, 'log' | 'checkpoint'>;
let next = 0;

function open() {
  ctx = openContext();
  ctx.tick(MINT_TIME - ctx.now());
  const log = mintLog(ctx.database);
  place = { log, checkpoint: mintCheckpoint(ctx.database, log) };
  next = 0;
}
beforeEach(open);
afterEach(() => ctx.database.close());

/** As the tail records one: it is settled in the same transaction. */
function record(overrides: Parameters<typeof mintEvent>[2] = {}): EventRow {
  const event = mintEvent(ctx.database, { ...place, logIndex: next++ }, { rules: [OWN], ...overrides });
  settleExpected(ctx.database.db, { eventIds: [event.id] });
  return event;
}

const accounted = ({ id }: { readonly id: string }) =>
  ctx.database.db
    .select()
    .from(events)
    .all()
    .find((event) => event.id === id)?.expectedBy ?? null;
const declare = (declaration: Parameters<typeof declareExpected>[1]) => declareExpected(ctx, declaration, API);
const usedOf = (id: string) =>
  ctx.database.db
    .select()
    .from(expectedSignings)
    .all()
    .find((row) => row.id === id)?.used;

describe('a declared signing', () => {
  it('accounts for the signing of its digest, whether that comes later or came before', () => {
    const before = record();
    const { id, used, eventIds } = declare({ digest: before.digest ?? '', uses: 2 });
    expect([accounted(before), used, eventIds]).toEqual([id, 1, [before.id]]);
    const after = record({ digest: before.digest });
    expect([accounted(after), usedOf(id)]).toEqual([id, 2]);
    expect(accounted(record({ digest: before.digest, signedAt: MINT_TIME + 1000 }))).toBeNull();
  });

  it('must be met in every criterion, whole and byte for byte', () => {
    const { digest } = record();
    const other = 'ab'.repeat(32);
    for (const declaration of [
      { digest: other },
      { digest: digest ?? '', ...BOT, identity: 'Release-bot@models.example' },
      { ...BOT, issuer: 'https://accounts.models.exampl' },
      { ...BOT, identity: 'release-bot' },
      { digest: digest ?? '', run: RUN },
      { ...BOT, validFromAt: MINT_TIME + 1, validUntilAt: MINT_TIME + 9 },
      { ...BOT, validFromAt: MINT_TIME - 9, validUntilAt: MINT_TIME - 1 },
    ]) {
      expect(declare(declaration).used, JSON.stringify(declaration)).toBe(0);
    }
    expect(declare({ digest: digest ?? '', ...BOT }).used).toBe(1);
  });

  it('can name the run that signs', () => {
    const { id } = declare({ run: RUN, uses: 9 });
    const extension = { oid: '1.3.6.1.4.1.57264.1.21', name: 'run-invocation-uri', raw: '' };
    const certificateOf = (...values: string[]) =>
      JSON.stringify(
        mintCertificate({
          san: BOT.identity,
          sanType: 'email',
          oidc: BOT.issuer,
          extensions: values.map((value) => ({ ...extension, value })),
        }),
      );
    expect(accounted(record({ certificate: certificateOf(RUN) }))).toBe(id);
    for (const values of [[`${RUN}0`], [RUN, 'other'], []]) {
      expect(accounted(record({ certificate: certificateOf(...values) }))).toBeNull();
    }
  });

  it('accounts for nothing that is not proved, nobody of our own, or of a certificate with several names', () => {
    const { id } = declare({ ...BOT, uses: 100 });
    const two = mintCertificate({ san: BOT.identity, sanType: 'email', oidc: BOT.issuer });
    for (const strange of [
      { authenticity: 'impersonation' },
      { authenticity: 'unverifiable' },
      { rules: [{ ...OWN, own: false }] },
      { certificate: JSON.stringify({ ...two, sans: [...two.sans, ...two.sans] }) },
      { certificate: JSON.stringify({ ...two, issuer: { ...two.issuer, conflict: true } }) },
      { certificate: null },
    ] as const) {
      expect(accounted(record(strange)), JSON.stringify(strange)).toBeNull();
    }
    expect(usedOf(id)).toBe(0);
  });

  it('that is withdrawn gives what it accounted for to another, or leaves it an alarm again', () => {
    const event = record();
    const narrow = declare({ digest: event.digest ?? '', ...BOT });
    const wide = declare(BOT);
    expect(accounted(event)).toBe(narrow.id);
    expect(withdrawExpected(ctx, narrow.id, 'somebody else')).toBe('other-owner');
    expect(withdrawExpected(ctx, narrow.id, 'ci')).toBe('withdrawn');
    expect([accounted(event), usedOf(wide.id)]).toEqual([wide.id, 1]);
    expect(withdrawExpected(ctx, wide.id, null)).toBe('withdrawn');
    expect(accounted(event)).toBeNull();
    expect(withdrawExpected(ctx, wide.id, null)).toBe('unknown');
  });

  it('loses an event that turns out to be somebody else’s', () => {
    const event = record();
    const { id } = declare(BOT);
    ctx.database.db.update(events).set({ authenticity: 'impersonation' }).run();
    settleExpected(ctx.database.db, { eventIds: [event.id] });
    expect([accounted(event), usedOf(id)]).toEqual([null, 0]);
  });
});

describe('the order of declarations and signings', () => {
  const hex = (n: number) => String(n).repeat(64);
  const declaration = fc.record({
    digest: fc.option(fc.integer({ min: 1, max: 3 }).map(hex), { nil: null }),
    isBot: fc.boolean(),
    from: fc.integer({ min: 0, max: 6 }),
    length: fc.integer({ min: 1, max: 6 }),
    uses: fc.integer({ min: 1, max: 2 }),
  });
  const signing = fc.record({ digest: fc.integer({ min: 1, max: 3 }).map(hex), at: fc.integer({ min: 0, max: 12 }) });

  it('changes nothing of the end', { timeout: 60_000 }, () => {
    const steps = fc.record({
      declarations: fc.array(declaration, { maxLength: 6 }),
      signings: fc.array(signing, { maxLength: 6 }),
    });
    fc.assert(
      fc.property(steps, fc.infiniteStream(fc.nat()), ({ declarations, signings }, random) => {
        const all = [
          ...declarations.map((_, i) => ({ kind: 'declaration', i })),
          ...signings.map((_, i) => ({ kind: 'signing', i })),
        ];
        const shuffled = all.map((step) => ({ step, key: random.next().value })).sort((a, b) => a.key - b.key);
        const ends = [all, shuffled.map(({ step }) => step), [...all].reverse()].map((order) => {
          const { db } = ctx.database;
          for (const table of [eventMatches, events, expectedSignings]) db.delete(table).run();
          for (const { kind, i } of order) {
            if (kind === 'declaration') insertDeclaration(i, declarations[i]);
            else insertSigning(i, signings[i]);
          }
          const end = {
            events: ctx.database.db
              .select({ index: events.logIndex, by: events.expectedBy })
              .from(events)
              .orderBy(events.logIndex)
              .all(),
            used: ctx.database.db
              .select({ id: expectedSignings.id, used: expectedSignings.used })
              .from(expectedSignings)
              .orderBy(expectedSignings.id)
              .all(),
          };
          for (const { id, used } of end.used) expect(end.events.filter(({ by }) => by === id)).toHaveLength(used);
          return end;
        });
        expect(ends[1]).toEqual(ends[0]);
        expect(ends[2]).toEqual(ends[0]);
      }),
      { numRuns: 40 },
    );
  });

  function insertDeclaration(i: number, given: Of<typeof declaration> | undefined) {
    if (!given) return;
    const isBot = given.isBot || given.digest === null;
    ctx.database.db
      .insert(expectedSignings)
      .values({
        id: `exp_${i}`,
        digest: given.digest,
        ...(isBot && { san: BOT.identity, issuer: BOT.issuer }),
        ...API,
        declaredAt: MINT_TIME,
        validFrom: MINT_TIME + given.from,
        validUntil: MINT_TIME + given.from + given.length,
        uses: given.uses,
      })
      .run();
    settleExpected(ctx.database.db, { expectedIds: [`exp_${i}`] });
  }

  function insertSigning(i: number, given: Of<typeof signing> | undefined) {
    if (!given) return;
    const event = mintEvent(
      ctx.database,
      { ...place, logIndex: i },
      { digest: given.digest, signedAt: MINT_TIME + given.at, rules: [OWN] },
    );
    settleExpected(ctx.database.db, { eventIds: [event.id] });
  }
});

describe('the assignment', () => {
  it('accounts for as many signings as any could, and no declaration more often than it may', () => {
    const small = fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 3 }), { maxLength: 4 }), { maxLength: 6 });
    fc.assert(
      fc.property(small, fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 4, maxLength: 4 }), (edges, most) => {
        const choices = new Map(edges.map((to, i) => [`s${i}`, to.map((n) => `d${n}`)]));
        const uses = new Map(most.map((n, i) => [`d${i}`, n]));
        const given = assignExpected(choices, uses);
        for (const [signing, to] of given) expect(choices.get(signing)).toContain(to);
        for (const [id, n] of uses) expect([...given.values()].filter((to) => to === id).length).toBeLessThanOrEqual(n);
        expect(given.size).toBe(best([...choices.values()], new Map(uses)));
      }),
    );
  });

  /** By trying everything. */
  function best([first, ...rest]: readonly (readonly string[])[], left: Map<string, number>): number {
    if (!first) return 0;
    let found = best(rest, left);
    for (const to of first) {
      const n = left.get(to) ?? 0;
      if (n === 0) continue;
      left.set(to, n - 1);
      found = Math.max(found, 1 + best(rest, left));
      left.set(to, n);
    }
    return found;
  }
});

it('counts own rules only where an event has several', () => {
  const event = record({ rules: [{ ...OWN, rule: 'other', own: false }] });
  const { id } = declare(BOT);
  expect(accounted(event)).toBeNull();
  ctx.database.db
    .insert(eventMatches)
    .values({ eventId: event.id, ...OWN })
    .run();
  settleExpected(ctx.database.db, { eventIds: [event.id] });
  expect(accounted(event)).toBe(id);
});
