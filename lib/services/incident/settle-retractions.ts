import { and, eq, inArray } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { bundles } from '#db/schema/bundle.ts';
import { retractions } from '#db/schema/incident.ts';
import type { SignerPolicies } from '#lib/provenance/expected-signer.ts';
import { mayRetract } from '#lib/provenance/own-signature.ts';
import { describeSigner } from '#lib/provenance/signer.ts';
import { raiseAlert } from '#lib/services/alert/raise.ts';
import { inBatches } from '#lib/services/graph/batch.ts';
import { readSignatures } from '#lib/services/graph/read-signatures.ts';
import { nameArtifacts, pageOfArtifact } from './name-artifacts.ts';

interface Settling {
  readonly policies: SignerPolicies;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Brings up to date which retractions of these artifacts count: those of who is expected to sign them. Each that begins to
 * count raises an alert. In the transaction that changed what is known of them.
 */
export function settleRetractions(
  tx: Writer,
  { artifactIds, ...settling }: Settling & { readonly artifactIds: readonly number[] },
): void {
  const read = inBatches((keys) => selectRetractions(tx).where(inArray(retractions.artifactId, keys)).prepare());
  settleRows(tx, read(artifactIds), settling);
}

/** The same for all there are: where it changed who is expected to sign. */
export function settleAllRetractions(tx: Writer, settling: Settling): void {
  settleRows(tx, selectRetractions(tx).all(), settling);
}

function selectRetractions(tx: Writer) {
  return tx
    .select({
      bundleId: retractions.bundleId,
      artifactId: retractions.artifactId,
      counts: retractions.counts,
      reason: retractions.reason,
      state: bundles.state,
      method: bundles.method,
      san: bundles.san,
      issuer: bundles.issuer,
    })
    .from(retractions)
    .innerJoin(bundles, eq(bundles.id, retractions.bundleId));
}

type Row = ReturnType<ReturnType<typeof selectRetractions>['all']>[number];

function settleRows(tx: Writer, rows: readonly Row[], { policies, now }: Settling): void {
  if (rows.length === 0) return;
  const ids = [...new Set(rows.map(({ artifactId }) => artifactId))];
  const signed = readSignatures(tx, ids);
  for (const row of rows) {
    const artifact = signed.get(row.artifactId);
    const counts = row.state === 'verified' && artifact !== undefined && mayRetract(artifact, row, policies);
    if (counts === row.counts) continue;
    tx.update(retractions)
      .set({ counts })
      .where(and(eq(retractions.bundleId, row.bundleId), eq(retractions.artifactId, row.artifactId)))
      .run();
    if (counts) raiseRetraction(tx, row, now);
  }
}

function raiseRetraction(tx: Writer, { bundleId, artifactId, reason, san, issuer }: Row, now: number): void {
  const name = nameArtifacts(tx, [artifactId]).get(artifactId) ?? `artifact ${artifactId}`;
  const who = san === null ? 'its signer' : describeSigner({ san, issuer });
  raiseAlert(tx, {
    kind: 'retraction',
    severity: 'high',
    subject: `${bundleId} ${artifactId}`,
    title: `${name} was retracted`,
    statement: `A statement signed by ${who} withdraws ${name}, and its signer is one who may. It is refused from now on. Replace it where it runs.`,
    evidence: { Bundle: bundleId, 'Reason, in the words of its signer': reason },
    href: pageOfArtifact(tx, artifactId),
    now,
  });
}
