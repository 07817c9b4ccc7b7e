import { and, eq, inArray } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
import { bundleSubjects, bundles } from '#db/schema/bundle.ts';
import { events } from '#db/schema/event.ts';
import { deliveries } from '#db/schema/source.ts';
import { isProvenance } from '#lib/attestation/facts.ts';
import type { Check } from '#lib/provenance/check.ts';
import type { DistributionPlace, EvaluationEvidence, StatementEvidence } from '#lib/provenance/ml-level/level-facts.ts';
import type { VersionAttestation, VersionEvidence } from '#lib/provenance/nine-fields.ts';
import { isAsserted, keyOf, readAliasesOf } from '#lib/services/graph/alias.ts';
import { loggedState } from '#lib/services/model/signing.ts';
import { readSourceReviews } from './source-reviews.ts';

const PLACES = ['folder', 'oci', 'github'] as const satisfies readonly DistributionPlace[];

export interface CountingEvidence {
  readonly root: string;
  readonly artifactId: number;
  readonly links: VersionEvidence['links'];
  /** Statements whose signer has a say; those of others are not given. */
  readonly attestations: readonly VersionAttestation[];
}

/** Statements of provenance and evaluations about a version, with what their judges need to know of each. */
export function readStatements(
  db: Db,
  { root, artifactId, links, attestations }: CountingEvidence,
): { statements: StatementEvidence[]; evaluations: EvaluationEvidence[] } {
  const provenance = attestations.filter(({ facts }) => isProvenance(facts));
  const subjects = readSubjects(db, attestations.map(idOf));
  const known = new Set((readAliasesOf(db, [artifactId]).get(artifactId) ?? []).filter(isAsserted).map(keyOf));
  const namesModel = ({ bundleId }: VersionAttestation) =>
    (subjects.get(bundleId) ?? []).some(({ algorithm, digest }) =>
      known.has(keyOf({ scheme: algorithm, value: digest })),
    );
  const rows = readBundles(db, provenance.map(idOf));
  const places = readPlaces(db, provenance.map(idOf));
  const reviews = readSourceReviews(db, [...new Set(provenance.flatMap(({ facts }) => facts.commit?.value ?? []))]);
  const statements = provenance.flatMap((one): StatementEvidence[] => {
    const bundle = rows.get(one.bundleId);
    if (!bundle) return [];
    return [
      {
        bundleId: one.bundleId,
        facts: one.facts,
        namesModel: namesModel(one),
        namesRoot: (subjects.get(one.bundleId) ?? []).some((row) => row.algorithm === 'sha256' && row.digest === root),
        signature: {
          method: bundle.method,
          signer: one.signer,
          isExpected: true,
          certificate: bundle.method === 'sigstore' ? one.certificate : null,
          passed: new Set(bundle.checks.filter(({ outcome }) => outcome === 'passed').map(({ name }) => name)),
          logged: bundle.logged,
          signedAt: one.signedAt,
        },
        links: links.filter(({ bundleId }) => bundleId === one.bundleId),
        foundWith: PLACES.filter((place) => places.get(one.bundleId)?.has(place)),
        reviews: reviews.get(one.facts.commit?.value ?? '') ?? [],
      },
    ];
  });
  return { statements, evaluations: attestations.filter(namesModel).flatMap(toEvaluation) };
}

const idOf = ({ bundleId }: VersionAttestation) => bundleId;

function toEvaluation({ facts, signer }: VersionAttestation): EvaluationEvidence[] {
  if (facts.kind !== 'test-result' && facts.kind !== 'evaluation') return [];
  const hasHarness = facts.parameters.some(
    ({ label, value }) =>
      /^harness\.digest\.sha(?:256|384|512)$/.test(label) ||
      (label.startsWith('configuration ') && / sha(?:256|384|512):[0-9a-f]+$/.test(` ${value}`)),
  );
  return [{ signer, isPassed: facts.result?.value !== 'FAILED', hasHarness }];
}

function readSubjects(db: Db, bundleIds: readonly string[]) {
  const rows = db
    .select()
    .from(bundleSubjects)
    .where(inArray(bundleSubjects.bundleId, [...bundleIds]))
    .all();
  return Map.groupBy(rows, ({ bundleId }) => bundleId);
}

function readBundles(db: Db, bundleIds: readonly string[]) {
  const rows = db
    .select({ id: bundles.id, method: bundles.method, checks: bundles.checks, logged: loggedState(bundles.logIndex) })
    .from(bundles)
    .leftJoin(events, eq(events.id, bundles.eventId))
    .where(inArray(bundles.id, [...bundleIds]))
    .all();
  return new Map(rows.map((row) => [row.id, { ...row, checks: JSON.parse(row.checks) as Check[] }]));
}

/** In which kinds of places sources found a bundle; by its digest, which is what deliveries are found by. */
function readPlaces(db: Db, bundleIds: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const rows = db
    .selectDistinct({ bundleId: bundles.id, channel: deliveries.channel })
    .from(bundles)
    .innerJoin(deliveries, eq(deliveries.sha256, bundles.sha256))
    .where(
      and(inArray(bundles.id, [...bundleIds]), eq(deliveries.outcome, 'accepted'), inArray(deliveries.channel, PLACES)),
    )
    .all();
  const groups = Map.groupBy(rows, ({ bundleId }) => bundleId);
  return new Map([...groups].map(([id, found]) => [id, new Set<string>(found.map(({ channel }) => channel))]));
}
