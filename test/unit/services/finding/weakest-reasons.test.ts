import { eq } from 'drizzle-orm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { artifacts, links } from '#db/schema/artifact.ts';
import { findings } from '#db/schema/finding.ts';
import { NO_POLICIES } from '#lib/provenance/expected-signer.ts';
import { readWeakestReasons } from '#lib/services/finding/read-weakest-reasons.ts';
import { settleBrokenLinks } from '#lib/services/finding/settle-broken-links.ts';
import { settleFindings } from '#lib/services/finding/settle-findings.ts';
import { MINT_TIME } from '#test/factories.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { attest, DAY, declare, input, observe, signModel } from '../graph/mint-graph.ts';

const UNSIGNED = 'northwind-index, a component, is signed by nobody.';

/** A component that nobody signed, a model made with it, and a model made from that one. */
function mintBroken(ctx: TestContext) {
  observe(ctx, 'northwind-index');
  const middle = signModel(ctx, 'middle');
  attest(ctx, 'middle', [input('component', { of: 'northwind-index' })]);
  const top = signModel(ctx, 'top');
  attest(ctx, 'top', [input('base-model', { of: 'middle' })]);
  return { middle, top };
}

function brokenLinks(ctx: TestContext) {
  return ctx.database.db.select().from(findings).where(eq(findings.kind, 'broken-link')).all();
}

describe('the reason of a broken chain', () => {
  it('is that of the weakest link itself, however far up it is', () => {
    const ctx = openContext();
    const { middle, top } = mintBroken(ctx);
    expect(readWeakestReasons(ctx.database.db, [top, middle])).toEqual(
      new Map([
        [middle, UNSIGNED],
        [top, UNSIGNED],
      ]),
    );
  });

  it('does not say who signed: a finding is about the link at fault alone', () => {
    const ctx = openContext();
    observe(ctx, 'northwind-index');
    attest(ctx, 'assistant', [input('component', { of: 'northwind-index' })]);
    const assistant = signModel(ctx, 'assistant');
    const { db } = ctx.database;
    settleFindings(db, { policies: NO_POLICIES, artifactIds: [assistant], now: ctx.now() });
    expect(brokenLinks(ctx).map(({ statement }) => statement)).toEqual([
      expect.stringMatching(
        /^The version \S+ has a broken chain: northwind-index, a component, is signed by nobody\.$/,
      ),
    ]);
  });

  it('is the same for what lies downstream of the change, and the finding is resolved with the chain', () => {
    const ctx = openContext();
    const { top } = mintBroken(ctx);
    settleBrokenLinks(ctx.database.db, [top], ctx.now());
    expect(brokenLinks(ctx)).toMatchObject([
      { statement: expect.stringContaining(`has a broken chain: ${UNSIGNED}`), resolvedAt: null },
    ]);
    ctx.tick(DAY);
    signModel(ctx, 'northwind-index', { at: MINT_TIME + DAY });
    settleBrokenLinks(ctx.database.db, [top], ctx.now());
    expect(brokenLinks(ctx)).toMatchObject([{ resolvedAt: ctx.now() }]);
  });

  it('is not taken from a weaker statement of a link that a stronger one proves', () => {
    const ctx = openContext();
    signModel(ctx, 'base');
    const { artifactId } = attest(ctx, 'tuned', [input('base-model', { of: 'base' })]);
    signModel(ctx, 'tuned');
    declare(ctx, artifactId, [input('base-model', { of: 'base' }), input('dataset', { name: 'open/web-pages' })]);
    expect(readWeakestReasons(ctx.database.db, [artifactId]).get(artifactId)).toMatch(/open\/web-pages/);
  });

  it('is none for what has no inputs, or does not exist', () => {
    const ctx = openContext();
    const alone = signModel(ctx, 'alone');
    expect(readWeakestReasons(ctx.database.db, [alone, 999]).size).toBe(0);
  });

  it('is found for each of any graph that leads to a fault, loops or not', () => {
    const parents = fc.array(fc.tuple(fc.nat(29), fc.nat(29)), { maxLength: 60 });
    fc.assert(
      fc.property(parents, (pairs) => {
        const ctx = openContext();
        const ids = Array.from({ length: 30 }, (_, i) => observe(ctx, `thing ${i}`));
        // Verdicts as they may be stored: each names a link; only thing 0 has the fault itself.
        const chosen = new Map<number, number>(pairs.filter(([child, parent]) => child !== 0 && child !== parent));
        chosen.set(0, 29);
        for (const [child, parent] of chosen) mintVerdict(ctx, ids[child] ?? 0, ids[parent] ?? 0, child === 0);
        const leads = (from: number) => {
          const seen = new Set<number>();
          for (let at: number | undefined = from; at !== undefined && !seen.has(at); at = chosen.get(at)) {
            if (at === 0) return true;
            seen.add(at);
          }
          return false;
        };
        const reasons = readWeakestReasons(ctx.database.db, ids);
        ids.forEach((id, i) => {
          expect(reasons.get(id)).toBe(leads(i) ? 'The fault.' : undefined);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('is read for thousands that stand on each other in a time that their number bounds', () => {
    const ctx = openContext();
    const { db } = ctx.database;
    const ids = db.transaction(() => Array.from({ length: 3000 }, (_, i) => observe(ctx, `generation ${i}`)));
    db.transaction(() => {
      ids.forEach((id, i) => {
        if (i > 0) mintVerdict(ctx, id, ids[i - 1] ?? 0, i === 1);
      });
    });
    const before = performance.now();
    const reasons = readWeakestReasons(db, ids);
    expect(performance.now() - before).toBeLessThan(3000);
    expect(reasons.size).toBe(2999);
    expect(reasons.get(ids.at(-1) ?? 0)).toBe('The fault.');
  });
});

/** A stored conflict: by an own link that conflicts, or by one that is verified and leads further up. */
function mintVerdict(ctx: TestContext, childId: number, parentId: number, isFault: boolean): void {
  const { db } = ctx.database;
  const { id } = db
    .insert(links)
    .values({
      childId,
      parentId,
      role: 'base-model',
      basis: 'attester',
      position: 0,
      digests: '[]',
      at: 'predicate',
      state: isFault ? 'conflict' : 'verified',
      reason: isFault ? 'The fault.' : 'Good.',
      firstSeenAt: 0,
    })
    .returning()
    .get();
  db.update(artifacts).set({ weakest: 'conflict', weakestLinkId: id }).where(eq(artifacts.id, childId)).run();
}
