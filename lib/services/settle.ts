import { and, eq, inArray } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { artifactAliases } from '#db/schema/artifact.ts';
import { bundles } from '#db/schema/bundle.ts';
import { events } from '#db/schema/event.ts';
import type { SignerPolicies } from '#lib/provenance/expected-signer.ts';
import { alertRefusedDeployments } from '#lib/services/deployment/alert-refused.ts';
import { settleBrokenLinks } from '#lib/services/finding/settle-broken-links.ts';
import { settleFindings } from '#lib/services/finding/settle-findings.ts';
import { artifactsOfBundle } from '#lib/services/graph/artifacts-of-bundle.ts';
import { inBatches } from '#lib/services/graph/batch.ts';
import { settleGraph } from '#lib/services/graph/settle-graph.ts';
import { countGraphChange } from '#lib/services/incident/graph-changes.ts';
import { settleRetractions } from '#lib/services/incident/settle-retractions.ts';
import { refreshModels } from '#lib/services/model/refresh-model.ts';

export interface Arrival {
  readonly policies: SignerPolicies;
  /** Artifacts that what arrived is about. */
  readonly artifactIds: readonly number[];
  /** What arrived, for the history of verdicts: `bundle bdl_…`, `entry evt_…`. */
  readonly cause: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Draws all conclusions from something that arrived: newest versions, own signatures, links and verdicts up and down the
 * graph, findings, retractions, and what runs and should not; and has open incidents looked at again. To be called in the
 * transaction that recorded it, once its bundle is joined with its event.
 */
export function settle(tx: Writer, { policies, artifactIds, cause, now }: Arrival): void {
  if (artifactIds.length === 0) return;
  refreshModels(tx, artifactIds);
  const changed = settleGraph(tx, { policies, artifactIds, cause, now });
  settleFindings(tx, { policies, artifactIds, now });
  const touched = new Set(artifactIds);
  const downstream = changed.filter((id) => !touched.has(id));
  settleBrokenLinks(tx, downstream, now);
  settleRetractions(tx, { policies, artifactIds: [...touched, ...downstream], now });
  countGraphChange(tx);
  alertRefusedDeployments(tx, [...touched, ...downstream], now);
}

/**
 * The same for events that were read, or became known to be our own: their bundles' statements may count from now on. One
 * over a digest of something known shows who signed it also where nobody has shown its bundle.
 */
export function settleEvents(
  tx: Writer,
  eventIds: readonly string[],
  { policies, now }: Pick<Arrival, 'policies' | 'now'>,
): void {
  if (nameKnown(tx, eventIds)) countGraphChange(tx);
  for (const eventId of eventIds) {
    const joined = tx
      .select({ id: bundles.id })
      .from(bundles)
      .where(and(eq(bundles.eventId, eventId), eq(bundles.state, 'verified')))
      .all();
    const artifactIds = [...new Set(joined.flatMap(({ id }) => artifactsOfBundle(tx, id)))];
    settle(tx, { policies, artifactIds, cause: `entry ${eventId}`, now });
  }
}

/** Whether any of these events signed a digest of a known artifact. */
function nameKnown(tx: Writer, eventIds: readonly string[]): boolean {
  const read = inBatches<string, { id: number }>((ids) =>
    tx
      .select({ id: artifactAliases.artifactId })
      .from(events)
      .innerJoin(
        artifactAliases,
        and(eq(artifactAliases.scheme, events.digestAlgorithm), eq(artifactAliases.value, events.digest)),
      )
      .where(inArray(events.id, ids))
      .limit(1)
      .prepare(),
  );
  return read(eventIds).length > 0;
}
