import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { artifacts } from '#db/schema/artifact.ts';
import { listArtifacts } from '#lib/services/graph/list-artifacts.ts';
import { countModels, listModels } from '#lib/services/model/list.ts';
import { refreshModels } from '#lib/services/model/refresh-model.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { attest, input, STRANGER, signModel } from './mint-graph.ts';

let ctx: TestContext;
beforeEach(() => {
  ctx = openContext();
});

const kindOf = (id: number) => ctx.database.db.select().from(artifacts).where(eq(artifacts.id, id)).get()?.kind;
const datasets = async () =>
  (await listArtifacts(ctx.database, { kind: 'dataset', limit: 10 })).artifacts.map(({ name }) => name);
const models = async () => (await listModels(ctx.database, { limit: 10 })).models.map(({ name }) => name);

describe('signed files that are a data set', () => {
  it('are listed as one once those who may speak of it say that a model was made from them', async () => {
    const corpus = signModel(ctx, 'corpus');
    const vision = signModel(ctx, 'vision');
    expect(kindOf(corpus)).toBe('model');
    attest(ctx, 'vision', [input('dataset', { of: 'corpus' })]);
    refreshModels(ctx.database.db, [corpus, vision]);
    expect(kindOf(corpus)).toBe('dataset');
    expect(await datasets()).toEqual(['corpus']);
    expect(await models()).toEqual(['vision']);
    expect(await countModels(ctx.database)).toBe(1);
  });

  it('are one too where they are seen only after the model that was made from them', () => {
    signModel(ctx, 'vision');
    attest(ctx, 'vision', [input('dataset', { of: 'corpus' })]);
    expect(kindOf(signModel(ctx, 'corpus'))).toBe('dataset');
  });

  it('stay a model whatever a stranger says of them', async () => {
    const base = signModel(ctx, 'base');
    signModel(ctx, 'vision');
    attest(ctx, 'vision', [input('dataset', { of: 'base' })], { by: STRANGER });
    expect(kindOf(base)).toBe('model');
    expect(await datasets()).toEqual([]);
  });

  it('are a model where a model was made out of them, whichever was said first', () => {
    const base = signModel(ctx, 'base');
    signModel(ctx, 'vision');
    signModel(ctx, 'distilled');
    attest(ctx, 'vision', [input('base-model', { of: 'base' })]);
    attest(ctx, 'distilled', [input('dataset', { of: 'base' })]);
    expect(kindOf(base)).toBe('model');
    const teacher = signModel(ctx, 'teacher');
    attest(ctx, 'distilled', [input('dataset', { of: 'teacher' })]);
    expect(kindOf(teacher)).toBe('dataset');
    attest(ctx, 'vision', [input('base-model', { of: 'teacher' })]);
    expect(kindOf(teacher)).toBe('model');
  });
});
