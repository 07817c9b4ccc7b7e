import { and, asc, eq, gt, isNull, ne, or } from 'drizzle-orm';
import { bundles } from '#db/schema/bundle.ts';
import { deliveries, refusedFiles } from '#db/schema/source.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { Standards } from '#lib/services/standards.ts';
import { type IngestResult, ingestBundle } from './ingest.ts';

/** Between two of them the process does what else there is to do. */
const BATCH = 8;

/** A type and not an interface, so that it is a record of counts. */
export type Reconsidered = {
  readonly read: number;
  readonly accepted: number;
  readonly refused: number;
};

/**
 * Judges again what was refused under other standards than these: bundles, and bytes that could not even be read as one;
 * and reads again what a version before the graph accepted.
 * Whatever delivered them is listed with the new outcome. Each is read once, so that it ends.
 */
export async function reconsiderRefused(
  ctx: ServiceContext,
  standards: Standards,
  signal?: AbortSignal,
): Promise<Reconsidered> {
  const result = { read: 0, accepted: 0, refused: 0 };
  for (const next of [nextBundles, nextFiles]) {
    for (let after = '', batch = next(ctx, standards, after); batch.length > 0; batch = next(ctx, standards, after)) {
      for (const { key, sha256, bytes } of batch) {
        signal?.throwIfAborted();
        after = key;
        const taken = ingestBundle(ctx, bytes, standards);
        noteDeliveries(ctx, sha256, taken);
        result.read++;
        result[taken.outcome]++;
      }
      await new Promise(setImmediate);
    }
  }
  return result;
}

interface Refused {
  readonly key: string;
  readonly sha256: string;
  readonly bytes: Buffer;
}

function nextBundles({ database }: ServiceContext, { id }: Standards, after: string): readonly Refused[] {
  return database.db
    .select({ key: bundles.id, sha256: bundles.sha256, bytes: bundles.bytes })
    .from(bundles)
    .where(
      and(
        // Accepted ones are read again only where an older version took them, which understood less.
        or(eq(bundles.judgedUnder, ''), and(eq(bundles.state, 'refused'), ne(bundles.judgedUnder, id))),
        gt(bundles.id, after),
      ),
    )
    .orderBy(asc(bundles.id))
    .limit(BATCH)
    .all();
}

function nextFiles({ database }: ServiceContext, { id }: Standards, after: string): readonly Refused[] {
  return database.db
    .select({ key: refusedFiles.sha256, sha256: refusedFiles.sha256, bytes: refusedFiles.bytes })
    .from(refusedFiles)
    .where(and(ne(refusedFiles.judgedUnder, id), gt(refusedFiles.sha256, after)))
    .orderBy(asc(refusedFiles.sha256))
    .limit(BATCH)
    .all();
}

/** A delivery that is refused for more than its bundle, as where files differ from what was signed, stays as it is. */
function noteDeliveries(ctx: ServiceContext, sha256: string, taken: IngestResult): void {
  const refusal =
    taken.outcome === 'refused'
      ? { reasonCode: taken.code, reason: taken.reason, at: taken.at }
      : { reasonCode: null, reason: null, at: null };
  ctx.database.db
    .update(deliveries)
    .set({ outcome: taken.outcome, bundleId: taken.bundleId, ...refusal, checkedAt: ctx.now() })
    .where(
      and(
        eq(deliveries.sha256, sha256),
        eq(deliveries.outcome, 'refused'),
        or(isNull(deliveries.reasonCode), ne(deliveries.reasonCode, 'files-differ')),
      ),
    )
    .run();
}
