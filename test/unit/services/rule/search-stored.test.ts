import { hash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { bundles } from '#db/schema/bundle.ts';
import { events } from '#db/schema/event.ts';
import { NO_POLICIES } from '#lib/provenance/expected-signer.ts';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import { searchStored } from '#lib/services/rule/search-stored.ts';
import { compileRules } from '#lib/watch/rule.ts';
import { openContext } from '#test/support/context.ts';
import { attest, input, onlyLink, STRANGER, signModel } from '../graph/mint-graph.ts';

it('takes a statement into account from when a rule makes its stored entry one’s own', async () => {
  const ctx = openContext();
  const { db } = ctx.database;
  const model = signModel(ctx, 'tuned');
  const { bundleId } = attest(ctx, 'tuned', [input('dataset', { of: 'reviews' })], { by: STRANGER });
  expect(onlyLink(ctx, model).basis).toBe('outsider');
  const [stored] = db
    .select({ entry: events.entry })
    .from(events)
    .innerJoin(bundles, eq(bundles.eventId, events.id))
    .where(eq(bundles.id, bundleId))
    .all();
  const der = /"rawBytes":"([^"]+)"/.exec(stored?.entry?.toString() ?? '')?.[1] ?? '';
  const certificate = hash('sha256', Buffer.from(der, 'base64'));
  const matcher = compileRules([{ name: 'ours', own: true, keys: [{ sha256: certificate }] }], nodeSha256);
  expect(await searchStored(ctx, matcher, { policies: NO_POLICIES })).toBe(1);
  expect(onlyLink(ctx, model).basis).toBe('attester');
});
