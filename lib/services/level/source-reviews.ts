import { and, eq, inArray } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
import { attestations } from '#db/schema/artifact.ts';
import { bundleSubjects, bundles } from '#db/schema/bundle.ts';
import { events } from '#db/schema/event.ts';
import type { AttestationFacts, AttestationKind } from '#lib/attestation/facts.ts';
import type { SourceReview } from '#lib/provenance/ml-level/level-facts.ts';
import type { CertificateFacts } from '#lib/watch/certificate.ts';

/** Anybody can sign summaries about a commit; whoever signs more of them wants nobody to read them. */
const LIMIT = 200;
/** How statements name a commit as their subject. */
const ALGORITHMS = ['gitCommit', 'sha1', 'sha256'];

/** Verified verification summaries about commits, by commit: whose they are is looked at when they are judged. */
export function readSourceReviews(db: Db, commits: readonly string[]): ReadonlyMap<string, readonly SourceReview[]> {
  if (commits.length === 0) return new Map();
  const rows = db
    .select({ commit: bundleSubjects.digest, facts: attestations.facts, certificate: events.certificate })
    .from(bundleSubjects)
    .innerJoin(bundles, eq(bundles.id, bundleSubjects.bundleId))
    .innerJoin(attestations, eq(attestations.bundleId, bundles.id))
    .leftJoin(events, eq(events.id, bundles.eventId))
    .where(
      and(
        inArray(bundleSubjects.digest, [...commits]),
        inArray(bundleSubjects.algorithm, ALGORITHMS),
        eq(bundles.state, 'verified'),
        eq(bundles.method, 'sigstore'),
        eq(attestations.kind, 'verification-summary' satisfies AttestationKind),
      ),
    )
    .limit(LIMIT)
    .all();
  return Map.groupBy(
    rows.map((row) => ({
      ...toReview(JSON.parse(row.facts) as AttestationFacts, row.certificate),
      commit: row.commit,
    })),
    ({ commit }) => commit,
  );
}

function toReview({ parameters, result, verifiedLevels }: AttestationFacts, certificate: string | null): SourceReview {
  const stated = (label: string) => parameters.find((row) => row.label === label)?.value ?? null;
  return {
    certificate: certificate === null ? null : (JSON.parse(certificate) as CertificateFacts),
    verifier: stated('verifier'),
    resource: stated('resource'),
    isPassed: result?.value === 'PASSED',
    levels: verifiedLevels,
  };
}
