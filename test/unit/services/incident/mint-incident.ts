import { users } from '#db/schema/user.ts';
import { NO_POLICIES, type SignerPolicies } from '#lib/provenance/expected-signer.ts';
import type { Scope } from '#lib/provenance/scope.ts';
import type { Actor } from '#lib/services/access/actor.ts';
import type { IncidentRow } from '#lib/services/incident/change.ts';
import { type NewIncident, openIncident } from '#lib/services/incident/open.ts';
import { settle } from '#lib/services/settle.ts';
import { MINT_TIME } from '#test/factories.ts';
import type { TestContext } from '#test/support/context.ts';
import { attest, input, rootOf, signModel } from '../graph/mint-graph.ts';

// A data set that models were made with, and incidents about it.

export const RESPONDER: Actor = { kind: 'user', id: 'usr_1', name: 'On call' };
export const POISONED: Scope = { is: { kind: 'dataset', alias: `sha256:${rootOf('reviews')}` } };

/** A model that its own signer says was made with the data set `reviews`, and one made of that one. */
export function mintPoisoned(ctx: TestContext): { readonly tuned: number; readonly distilled: number } {
  const tuned = signModel(ctx, 'tuned');
  attest(ctx, 'tuned', [input('dataset', { of: 'reviews' })]);
  const distilled = signModel(ctx, 'distilled');
  attest(ctx, 'distilled', [input('base-model', { of: 'tuned' })]);
  return { tuned, distilled };
}

/** A further model made with the data set, as if its statement had just come in. */
export function mintLate(ctx: TestContext, name = 'late'): number {
  const artifactId = signModel(ctx, name);
  attest(ctx, name, [input('dataset', { of: 'reviews' })]);
  arrive(ctx, [artifactId]);
  return artifactId;
}

/** What follows from something that came in. */
export function arrive(ctx: TestContext, artifactIds: readonly number[], policies: SignerPolicies = NO_POLICIES): void {
  ctx.database.db.transaction((tx) => settle(tx, { policies, artifactIds, cause: 'test', now: ctx.now() }));
}

export function open(ctx: TestContext, over: Partial<NewIncident> = {}): IncidentRow {
  const usual = { title: 'Poisoned reviews', severity: 'high', scope: POISONED, ownerId: null } as const;
  return openIncident(ctx, { ...usual, actor: RESPONDER, ...over });
}

export function mintUser(ctx: TestContext, id: string, over: Partial<typeof users.$inferInsert> = {}): void {
  ctx.database.db
    .insert(users)
    .values({ id, name: `User ${id}`, role: 'investigator', createdAt: MINT_TIME, ...over })
    .run();
}
