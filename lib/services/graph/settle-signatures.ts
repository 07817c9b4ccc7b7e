import { eq, inArray } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { artifacts } from '#db/schema/artifact.ts';
import type { SignerPolicies } from '#lib/provenance/expected-signer.ts';
import { formatUtc } from '#lib/provenance/format.ts';
import type { SignatureState } from '#lib/provenance/link-state.ts';
import { judgeSignature } from '#lib/provenance/own-signature.ts';
import { inBatches } from './batch.ts';
import { readBuildTimes } from './build-times.ts';
import { readSignatures } from './read-signatures.ts';

/** Artifacts whose own signature is another now, or which became others themselves. */
export interface SettledSignatures {
  /** Those that links to them must be judged by again. */
  readonly changed: ReadonlySet<number>;
  /** By artifact: the state before, where it is another now. */
  readonly before: ReadonlyMap<number, SignatureState>;
}

/** Brings the own signatures of these artifacts up to date. Their reasons say when they were made, where that is attested. */
export function settleSignatures(
  tx: Writer,
  artifactIds: readonly number[],
  policies: SignerPolicies,
): SettledSignatures {
  const signed = readSignatures(tx, artifactIds);
  const built = readBuildTimes(tx, artifactIds, policies);
  const read = inBatches((ids) =>
    tx
      .select({
        id: artifacts.id,
        signature: artifacts.signature,
        reason: artifacts.signatureReason,
        signedAt: artifacts.signedAt,
      })
      .from(artifacts)
      .where(inArray(artifacts.id, ids))
      .prepare(),
  );
  const changed = new Set<number>();
  const before = new Map<number, SignatureState>();
  for (const stored of read(artifactIds)) {
    const artifact = signed.get(stored.id);
    if (!artifact) continue;
    const { state, reason: why, signedAt } = judgeSignature(artifact, policies);
    const at = built.get(stored.id);
    const reason = at === undefined ? why : `${why} By its own provenance it was made ${formatUtc(at)}.`;
    if (stored.signature === state && stored.reason === reason && stored.signedAt === signedAt) continue;
    changed.add(stored.id);
    if (stored.signature !== state) before.set(stored.id, stored.signature);
    tx.update(artifacts)
      .set({ signature: state, signatureReason: reason, signedAt })
      .where(eq(artifacts.id, stored.id))
      .run();
  }
  return { changed, before };
}
