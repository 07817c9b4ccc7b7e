import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { artifactAliases, artifacts, links } from '#db/schema/artifact.ts';
import { bundles } from '#db/schema/bundle.ts';
import { NO_POLICIES } from '#lib/provenance/expected-signer.ts';
import { findArtifact } from '#lib/services/graph/find-artifact.ts';
import { getArtifact } from '#lib/services/graph/get-artifact.ts';
import { getChain } from '#lib/services/graph/get-chain.ts';
import { listArtifacts } from '#lib/services/graph/list-artifacts.ts';
import { listVerdicts } from '#lib/services/graph/list-verdicts.ts';
import { placeArtifact } from '#lib/services/graph/place-artifact.ts';
import { settleAll } from '#lib/services/graph/settle-graph.ts';
import { MINT_TIME, mintHex } from '#test/factories.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { artifact, attest, DAY, declare, input, observe, onlyLink, rootOf, STRANGER, signModel } from './mint-graph.ts';

describe('the history of a verdict', () => {
  it('tells since when a chain is broken and because of what, all the way down, and what mended it', async () => {
    const ctx = openContext();
    const index = observe(ctx, 'northwind-index');
    const middle = signModel(ctx, 'middle');
    const top = signModel(ctx, 'top');
    attest(ctx, 'middle', [input('component', { of: 'northwind-index' })]);
    ctx.tick(DAY);
    attest(ctx, 'top', [input('component', { of: 'middle' })]);
    const brokenAt = ctx.now();
    ctx.tick(DAY);
    expect(signModel(ctx, 'northwind-index', { at: MINT_TIME + 2 * DAY })).toBe(index);
    expect(artifact(ctx, middle)).toMatchObject({ weakest: 'verified', verdictSince: ctx.now() });
    const [mended, broken, signed] = await listVerdicts(ctx.database, { artifactId: top, limit: 10 });
    expect(signed).toMatchObject({ signature: 'verified', weakest: null });
    expect(broken).toMatchObject({
      at: brokenAt,
      weakest: 'parent-unsigned',
      reason: 'northwind-index, a component, is signed by nobody.',
    });
    expect(mended).toMatchObject({ at: ctx.now(), weakest: 'verified', cause: 'bundle of northwind-index' });
    expect(mended?.reason).toMatch(/^Mended: northwind-index, a component, is signed and logged/);
  });

  it('has no row for what changes nothing', async () => {
    const ctx = openContext();
    signModel(ctx, 'base');
    const tuned = signModel(ctx, 'tuned');
    attest(ctx, 'tuned', [input('base-model', { of: 'base' })]);
    const before = await listVerdicts(ctx.database, { artifactId: tuned, limit: 10 });
    attest(ctx, 'tuned', [input('base-model', { of: 'base' })]);
    ctx.database.db.transaction((tx) =>
      settleAll(tx, { policies: NO_POLICIES, cause: 'configuration', now: ctx.now() }),
    );
    expect(await listVerdicts(ctx.database, { artifactId: tuned, limit: 10 })).toEqual(before);
  });
});

describe('artifacts that turn out to be one', () => {
  it('are one: named first by the root of the other order, then signed', async () => {
    const ctx = openContext();
    const tuned = signModel(ctx, 'tuned');
    attest(ctx, 'tuned', [input('base-model', { of: 'other order of base' })]);
    expect(onlyLink(ctx, tuned)).toMatchObject({ state: 'parent-unknown' });
    const named = onlyLink(ctx, tuned).parentId;
    const other = { scheme: 'sha256', value: rootOf('other order of base'), kind: 'other-order-root' } as const;
    const base = signModel(ctx, 'base', { aliases: [other] });
    expect(base).toBe(named);
    expect(onlyLink(ctx, tuned)).toMatchObject({ parentId: base, state: 'verified' });
    expect(artifact(ctx, base)).toMatchObject({ name: 'base', signature: 'verified' });
    const found = await Promise.all(
      ['base', 'other order of base'].map((name) =>
        findArtifact(ctx.database, { scheme: 'sha256', value: rootOf(name) }),
      ),
    );
    expect(found).toEqual([base, base]);
  });

  it('are the same set of names whatever the order in which they are shown to be one', () => {
    const name = fc.integer({ min: 0, max: 11 });
    const groups = fc.array(fc.uniqueArray(name, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(groups, fc.infiniteStream(fc.nat()), (sets, order) => {
        const shuffled = [...sets].map((set) => ({ set, at: order.next().value ?? 0 })).sort((a, b) => a.at - b.at);
        expect(partition(shuffled.map(({ set }) => set))).toEqual(partition(sets));
      }),
      { numRuns: 40 },
    );
  });

  it('are not made one by a document that says so', async () => {
    const ctx = openContext();
    const victim = signModel(ctx, 'victim');
    const evil = mintHex('evil').repeat(2);
    const digests = [
      { algorithm: 'sha256', digest: rootOf('victim') },
      { algorithm: 'sha512', digest: evil },
    ];
    signModel(ctx, 'bait', { by: STRANGER });
    attest(ctx, 'bait', [input('base-model', { name: 'victim', digests })], { by: STRANGER });
    expect(await findArtifact(ctx.database, { scheme: 'sha512', value: evil })).toBeNull();
    const own = signModel(ctx, 'evil', { by: STRANGER, aliases: [{ scheme: 'sha512', value: evil, kind: 'file' }] });
    expect(own).not.toBe(victim);
    expect((await getArtifact(ctx.database, victim))?.aliases.map(({ value }) => value)).toEqual([rootOf('victim')]);
  });
});

describe('a file of several versions', () => {
  it('stands for the version that was signed first, whichever of them came first', () => {
    const weights = mintHex('weights');
    const digests = [{ algorithm: 'sha256', digest: weights }];
    for (const order of [
      ['early', 'late', 'link'],
      ['link', 'late', 'early'],
      ['late', 'link', 'early'],
    ]) {
      const ctx = openContext();
      const child = signModel(ctx, 'tuned');
      const ids = new Map<string, number>();
      for (const step of order) {
        const at = step === 'early' ? MINT_TIME : MINT_TIME + DAY;
        if (step === 'link') attest(ctx, 'tuned', [input('base-model', { name: 'weights', digests })]);
        else ids.set(step, signModel(ctx, step, { at, files: [weights, mintHex(step)] }));
      }
      expect(onlyLink(ctx, child), order.join()).toMatchObject({ parentId: ids.get('early'), state: 'verified' });
    }
  });
});

describe('the graph', () => {
  it('is the same settled step by step and all at once, for any order in which things arrive', () => {
    const steps = [
      'sign 0',
      'sign 1',
      'sign 2',
      'stranger 0',
      'link 1 0',
      'link 2 1',
      'link 2 0',
      'link 0 2',
      'outsider 1 2',
      'declare 2 1',
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(steps, { minLength: 2 }), (order) => {
        const ctx = openContext();
        for (const step of order) arrive(ctx, step);
        const settled = snapshot(ctx);
        ctx.database.db.transaction((tx) =>
          settleAll(tx, { policies: NO_POLICIES, cause: 'configuration', now: ctx.now() }),
        );
        expect(snapshot(ctx)).toEqual(settled);
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it('loses what rested on a bundle that no longer verifies', () => {
    const ctx = openContext();
    signModel(ctx, 'base');
    const tuned = signModel(ctx, 'tuned');
    attest(ctx, 'tuned', [input('base-model', { of: 'base' })]);
    expect(artifact(ctx, tuned)).toMatchObject({ weakest: 'verified' });
    ctx.database.db.update(bundles).set({ state: 'refused' }).run();
    ctx.database.db.transaction((tx) => settleAll(tx, { policies: NO_POLICIES, cause: 'trust root', now: ctx.now() }));
    expect(artifact(ctx, tuned)).toMatchObject({ signature: 'unsigned', weakest: null });
  });
});

describe('a chain', () => {
  it('is the nearest first, with what is beyond the limit counted and summed', async () => {
    const ctx = openContext();
    const ids = Array.from({ length: 6 }, (_, i) => signModel(ctx, `m${i}`));
    for (let i = 1; i < 6; i++) attest(ctx, `m${i}`, [input('base-model', { of: `m${i - 1}` })]);
    declare(ctx, ids[5] ?? 0, [input('dataset', { name: 'acme/corpus' })]);
    const whole = await getChain(ctx.database, { artifactId: ids[5] ?? 0, direction: 'ancestors', limit: 100 });
    expect(whole?.summary).toMatchObject({ total: 6, pinned: 5, links: { verified: 5, declared: 1 } });
    const chain = await getChain(ctx.database, { artifactId: ids[5] ?? 0, direction: 'ancestors', limit: 3 });
    expect(chain?.nodes.map(({ distance }) => distance)).toEqual([0, 1, 1]);
    expect(chain).toMatchObject({ omitted: 4, summary: whole?.summary });
    const down = await getChain(ctx.database, { artifactId: ids[0] ?? 0, direction: 'descendants', limit: 100 });
    expect(down?.nodes.map(({ id }) => id)).toEqual(ids);
    expect(await getChain(ctx.database, { artifactId: 999, direction: 'ancestors', limit: 3 })).toBeNull();
  });

  it('names data sets by what links call them, whatever signed them', async () => {
    const ctx = openContext();
    const corpus = signModel(ctx, 'corpus');
    signModel(ctx, 'tuned');
    attest(ctx, 'tuned', [input('dataset', { of: 'corpus' }), input('dataset', { name: 'other', at: 'b' })]);
    const found = await listArtifacts(ctx.database, { kind: 'dataset', limit: 10 });
    expect(found.artifacts.map(({ name, uses }) => [name, uses])).toEqual([
      ['corpus', 1],
      ['other', 1],
    ]);
    const searched = await listArtifacts(ctx.database, { kind: 'dataset', search: 'CORP', limit: 10 });
    expect(searched.artifacts.map(({ id }) => id)).toEqual([corpus]);
  });
});

/** The alias sets that placing these sets of names one after the other leaves. */
function partition(sets: readonly (readonly number[])[]): string[] {
  const { database, now } = openContext();
  for (const set of sets) {
    const aliases = set.map((i) => ({ scheme: 'sha256', value: rootOf(`${i}`), kind: 'oms-root' as const }));
    placeArtifact(database.db, { kind: 'model', name: null, aliases }, now());
  }
  const groups = new Map<number, string[]>();
  for (const { artifactId, value } of database.db.select().from(artifactAliases).all()) {
    groups.set(artifactId, [...(groups.get(artifactId) ?? []), value]);
  }
  expect(database.db.select().from(artifacts).all()).toHaveLength(groups.size);
  database.close();
  return [...groups.values()].map((values) => values.sort().join()).sort();
}

function arrive(ctx: TestContext, step: string): void {
  const [what, child, parent] = step.split(' ');
  const stated = input('base-model', { of: `m${parent}` });
  if (what === 'sign') signModel(ctx, `m${child}`);
  else if (what === 'stranger') signModel(ctx, `x${child}`, { root: rootOf(`m${child}`), by: STRANGER });
  else if (what === 'link') attest(ctx, `m${child}`, [stated]);
  else if (what === 'outsider') attest(ctx, `m${child}`, [stated], { by: { ...STRANGER, san: 'x@elsewhere.example' } });
  else declare(ctx, observe(ctx, `m${child}`), [input('base-model', { name: `m${parent}` })]);
}

/** All that is judged: without ids of links, which tell the order, and without history. */
function snapshot(ctx: TestContext) {
  const { db } = ctx.database;
  return {
    artifacts: db
      .select()
      .from(artifacts)
      .orderBy(artifacts.id)
      .all()
      .map(({ id, signature, signatureReason, weakest, inputs, pinnedInputs }) => [
        id,
        signature,
        signatureReason,
        weakest,
        inputs,
        pinnedInputs,
      ]),
    links: db.select().from(links).orderBy(links.id).all(),
  };
}
