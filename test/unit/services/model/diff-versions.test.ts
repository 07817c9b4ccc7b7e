import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { models, versionFiles, versions } from '#db/schema/model.ts';
import { diffVersions } from '#lib/services/model/diff-versions.ts';
import { readVersionInputs } from '#lib/services/model/version-inputs.ts';
import { mintHex } from '#test/factories.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { attest, declare, input, observe, rootOf, STRANGER, signModel } from '../graph/mint-graph.ts';

/** Two versions of one model, each under the root of its own name. */
function signTwo(ctx: TestContext, second: Parameters<typeof signModel>[2] = {}) {
  const first = signModel(ctx, 'assistant', { root: rootOf('one'), files: [mintHex('weights'), mintHex('old')] });
  signModel(ctx, 'assistant', { root: rootOf('two'), files: [mintHex('weights'), mintHex('new')], ...second });
  const idOf = (root: string) => ctx.database.db.select().from(versions).where(eq(versions.root, root)).get()?.id ?? '';
  return { first, from: idOf(rootOf('one')), to: idOf(rootOf('two')) };
}

describe('two versions of a model', () => {
  it('differ by files, inputs, environment and parameters, each as signed statements say', async () => {
    const ctx = openContext();
    const { from, to } = signTwo(ctx);
    observe(ctx, 'corpus');
    const said = (framework: string) => ({
      environment: [{ label: 'framework', value: framework, at: 'e' }],
      parameters: [{ label: 'epochs', value: '3', at: 'p' }],
    });
    attest(ctx, 'one', [input('dataset', { of: 'corpus' })], { facts: said('torch 2.0') });
    attest(ctx, 'two', [input('dataset', { of: 'corpus' }), input('dataset', { name: 'open/web' })], {
      facts: said('torch 2.1'),
    });
    const diff = await diffVersions(ctx.database, { slug: 'assistant', from, to });
    expect(diff).toMatchObject({ model: { name: 'assistant' }, from: { id: from }, to: { id: to }, signer: 'same' });
    expect(diff?.inputs.map(({ kind, after }) => [kind, after?.name])).toEqual([
      ['added', 'open/web'],
      ['same', 'corpus'],
    ]);
    expect(JSON.stringify(diff?.environment)).toMatch(/torch 2\.0.*torch 2\.1/);
    expect(JSON.stringify(diff?.files)).toContain(mintHex('new'));
  });

  it('have another signer where the newest signatures do, and nothing to compare where one is signed by nobody', async () => {
    const ctx = openContext();
    const { from, to } = signTwo(ctx, { by: STRANGER });
    expect((await diffVersions(ctx.database, { slug: 'assistant', from, to }))?.signer).toBe('changed');
    const { modelId } = ctx.database.db.select().from(versions).where(eq(versions.id, to)).get() ?? { modelId: '' };
    const bare = {
      method: 'files',
      hashType: 'sha256',
      fileCount: 1,
      ignorePaths: '[".git"]',
      firstSeenAt: 0,
    } as const;
    ctx.database.db
      .insert(versions)
      .values({ ...bare, id: 'ver_bare', modelId, root: rootOf('bare') })
      .run();
    const diff = await diffVersions(ctx.database, { slug: 'assistant', from, to: 'ver_bare' });
    expect(diff).toMatchObject({ signer: null, inputs: [], to: { ignorePaths: ['.git'], signings: [] } });
  });

  it('are none where one is of another model, or there is no such model', async () => {
    const ctx = openContext();
    const { from, to } = signTwo(ctx);
    signModel(ctx, 'other');
    const other = ctx.database.db
      .select()
      .from(versions)
      .where(eq(versions.root, rootOf('other')))
      .get();
    expect(await diffVersions(ctx.database, { slug: 'assistant', from, to: other?.id ?? '' })).toBeNull();
    expect(await diffVersions(ctx.database, { slug: 'nothing', from, to })).toBeNull();
    expect(ctx.database.db.select().from(models).all()).toHaveLength(2);
    expect(ctx.database.db.select().from(versionFiles).all()).toHaveLength(4);
  });
});

describe('the inputs of a version', () => {
  it('are one a thing and role, with the strongest statement’s state', () => {
    const ctx = openContext();
    signModel(ctx, 'base');
    const tuned = signModel(ctx, 'tuned');
    attest(ctx, 'tuned', [input('base-model', { of: 'base' })]);
    declare(ctx, tuned, [input('base-model', { of: 'base' })]);
    expect(readVersionInputs(ctx.database.db, tuned)).toMatchObject([
      { role: 'base-model', name: 'base', scheme: 'sha256', value: rootOf('base'), state: 'verified' },
    ]);
  });

  it('are a conflict where one statement conflicts', () => {
    const ctx = openContext();
    const ours = signModel(ctx, 'ours');
    observe(ctx, 'one');
    observe(ctx, 'other');
    const digests = ['one', 'other'].map((name) => ({ algorithm: 'sha256', digest: rootOf(name) }));
    attest(ctx, 'ours', [input('dataset', { name: 'both', digests })]);
    expect(readVersionInputs(ctx.database.db, ours).map(({ state }) => state)).toContain('conflict');
  });

  it('are none of what states none', () => {
    const ctx = openContext();
    expect(readVersionInputs(ctx.database.db, signModel(ctx, 'alone'))).toEqual([]);
  });
});
