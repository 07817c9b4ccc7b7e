import { eq, inArray } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { attestations } from '#db/schema/artifact.ts';
import { bundleSubjects, bundles } from '#db/schema/bundle.ts';
import type { AttestationFacts } from '#lib/attestation/facts.ts';
import type { SignerPolicies } from '#lib/provenance/expected-signer.ts';
import { digestAlias } from '#lib/provenance/input-name.ts';
import { isAttesterOf } from '#lib/provenance/own-signature.ts';
import { keyOf, ownAliases, readAliasesOf } from './alias.ts';
import { groupBy, inBatches } from './batch.ts';
import { readSignatures } from './read-signatures.ts';

/**
 * When artifacts were made, by the provenance of those who have a say on them, in ms: the first of several builds of the
 * same bytes. An outsider's word, and what states no time, is left out.
 */
export function readBuildTimes(
  tx: Writer,
  artifactIds: readonly number[],
  policies: SignerPolicies,
): Map<number, number> {
  const own = [...readAliasesOf(tx, artifactIds).values()].flatMap(ownAliases);
  const holders = new Map(own.map((row) => [keyOf(row), row.artifactId]));
  const read = inBatches((digests) =>
    tx
      .select({
        algorithm: bundleSubjects.algorithm,
        digest: bundleSubjects.digest,
        kind: attestations.kind,
        facts: attestations.facts,
        state: bundles.state,
        method: bundles.method,
        san: bundles.san,
        issuer: bundles.issuer,
      })
      .from(bundleSubjects)
      .innerJoin(bundles, eq(bundles.id, bundleSubjects.bundleId))
      .innerJoin(attestations, eq(attestations.bundleId, bundles.id))
      .where(inArray(bundleSubjects.digest, digests))
      .prepare(),
  );
  const verified = read(own.map(({ value }) => value)).filter(
    ({ kind, state }) => kind === 'slsa-provenance' && state === 'verified',
  );
  const builds = verified.flatMap(({ algorithm, digest, facts, method, san, issuer }) => {
    const alias = digestAlias('code', { algorithm, digest });
    const artifactId = alias === null ? undefined : holders.get(keyOf(alias));
    const at = builtAt(JSON.parse(facts) as AttestationFacts);
    return artifactId === undefined || at === null ? [] : [{ artifactId, at, signer: { method, san, issuer } }];
  });
  const byArtifact = groupBy(builds, ({ artifactId }) => artifactId);
  const signed = readSignatures(tx, [...byArtifact.keys()]);
  const times = new Map<number, number>();
  for (const [id, list] of byArtifact) {
    const artifact = signed.get(id);
    const counting = list.filter(({ signer }) => artifact && isAttesterOf(artifact, signer, false, policies));
    const first = counting.reduce((earliest, { at }) => Math.min(earliest, at), Infinity);
    if (counting.length > 0) times.set(id, first);
  }
  return times;
}

function builtAt({ startedAt, finishedAt }: AttestationFacts): number | null {
  return finishedAt?.time ?? startedAt?.time ?? null;
}
