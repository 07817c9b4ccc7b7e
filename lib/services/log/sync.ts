import { and, eq, notInArray } from 'drizzle-orm';
import { logs } from '#db/schema/log.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { adoptEvents } from '#lib/services/event/adopt.ts';

/** A shard to follow, as the trust root and the configuration together say. */
export interface ShardToFollow {
  readonly origin: string;
  readonly readUrl: string;
  /** Hex of the whole log id. */
  readonly logId: string;
  readonly keyDetails: string;
  readonly publicKey: Uint8Array;
  readonly source: 'trusted-root' | 'configuration';
  /** Rekor v2, where not said. */
  readonly api?: (typeof logs.$inferSelect)['api'];
  /** What is kept of it; only matches, unless said. */
  readonly mirror?: 'matches' | 'full';
}

/** Another key under an origin that is followed already: never taken over silently. */
export class ShardKeyChangedError extends Error {
  override readonly name = 'ShardKeyChangedError';
}

/**
 * Makes the followed logs those of `shards`: new ones start, others are marked removed and keep what they have.
 * A shard whose key differs from the one we followed it with is refused, for an origin names one log for ever.
 *
 * @throws {ShardKeyChangedError} nothing is changed then.
 */
export function syncLogs(ctx: ServiceContext, shards: readonly ShardToFollow[]): void {
  // One time for all: logs met together are told by it from those that come later (start-of.ts).
  const createdAt = ctx.now();
  ctx.database.db.transaction(
    (tx) => {
      for (const shard of shards) {
        const known = tx.select().from(logs).where(eq(logs.origin, shard.origin)).get();
        if (!known) {
          const empty = Buffer.alloc(0);
          const { origin, readUrl, logId, keyDetails, source, mirror } = shard;
          const row = tx
            .insert(logs)
            .values({
              ...{ origin, readUrl, logId, keyDetails, source, mirror, instance: origin },
              publicKey: Buffer.from(shard.publicKey),
              api: shard.api ?? 'rekor-v2',
              state: 'following',
              downloadedRange: empty,
              verifiedRange: empty,
              createdAt,
            })
            .returning()
            .get();
          adoptEvents(tx, row);
          continue;
        }
        if (known.logId !== shard.logId) {
          throw new ShardKeyChangedError(
            `${shard.origin} was followed with log id ${known.logId}, and now has ${shard.logId}. An origin names one log for ever: ` +
              'a new key needs a new origin. Check who changed the trust root or the configuration.',
          );
        }
        const state = known.state === 'removed' ? 'following' : known.state;
        const { readUrl, source, mirror = 'matches', api } = shard;
        tx.update(logs)
          .set({ readUrl, source, mirror, state, ...(api && { api }) })
          .where(eq(logs.id, known.id))
          .run();
      }
      const origins = shards.map(({ origin }) => origin);
      tx.update(logs)
        .set({ state: 'removed' })
        // Trees of Rekor v1 servers are synced by `syncTrees`, as their servers list them.
        .where(and(eq(logs.api, 'rekor-v2'), eq(logs.state, 'following'), notInArray(logs.origin, origins)))
        .run();
    },
    { behavior: 'immediate' },
  );
}
