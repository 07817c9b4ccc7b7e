import { deployments } from '#db/schema/deployment.ts';
import { users } from '#db/schema/user.ts';
import { MINT_TIME, mintHex } from '#test/factories.ts';
import { attest, declare, input, observe, RELEASE, signModel } from '#test/unit/services/graph/mint-graph.ts';
import { openContext, type TestContext } from './context.ts';
import { mintInForce } from './verify-scene.ts';

// A data set that went into models, one made of another, some running: what an incident begins with.

export const DATASET = 'reviews';
/** Content of the one file of a model of this name. */
export const fileOf = (model: string): string => mintHex(`file of ${model}`);

/** @param more further models made with the data set, for dense pages. */
export function openIncidentScene(path: string, more = 0): TestContext {
  const ctx = openContext(path);
  ctx.tick(MINT_TIME - ctx.now());
  mintInForce(ctx.database);
  const named = { name: DATASET, uri: 'https://data.models.example/reviews' };
  const names = ['sentiment', ...Array.from({ length: more }, (_, i) => `sentiment-${i + 1}`)];
  names.forEach((name, i) => {
    const artifactId = signModel(ctx, name, { files: [fileOf(name)], at: MINT_TIME - i * 3_600_000 });
    attest(ctx, name, [input('dataset', { of: DATASET, ...named })]);
    if (i % 4 === 0) run(ctx, artifactId, i);
  });
  const distilled = signModel(ctx, 'sentiment-small', { files: [fileOf('sentiment-small')] });
  attest(ctx, 'sentiment-small', [input('base-model', { of: 'sentiment' })]);
  run(ctx, distilled, 1);
  const copied = observe(ctx, 'sentiment-community');
  declare(ctx, copied, [input('dataset', { of: DATASET, ...named })]);
  // The same signer, no word on what it was made from: it cannot be excluded.
  signModel(ctx, 'translator', { files: [fileOf('translator')], by: RELEASE });
  ctx.database.db
    .insert(users)
    .values({ id: 'usr_1', name: 'On-call responder', role: 'investigator', createdAt: MINT_TIME })
    .run();
  return ctx;
}

function run({ database }: TestContext, artifactId: number, i: number): void {
  const where = { environment: i % 2 === 0 ? 'production' : 'staging', service: `support-${i}` };
  database.db
    .insert(deployments)
    .values({
      id: `dep_${artifactId}`,
      artifactId,
      ...where,
      given: '{}',
      source: 'ci',
      startedAt: MINT_TIME,
      confirmedAt: MINT_TIME,
    })
    .run();
}
