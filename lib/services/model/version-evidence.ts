import { and, asc, eq, inArray } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { artifactAliases, attestations, declarations, links } from '#db/schema/artifact.ts';
import { bundleSubjects, bundles } from '#db/schema/bundle.ts';
import { events } from '#db/schema/event.ts';
import { models, versions } from '#db/schema/model.ts';
import type { AttestationFacts } from '#lib/attestation/facts.ts';
import type { DeclarationFacts } from '#lib/declaration/facts.ts';
import type { SubjectDigest } from '#lib/model-signing/statement.ts';
import type { SignerPolicies } from '#lib/provenance/expected-signer.ts';
import type {
  VersionAttestation,
  VersionEvidence,
  VersionLink,
  VersionSignature,
} from '#lib/provenance/nine-fields.ts';
import { isAttesterOf } from '#lib/provenance/own-signature.ts';
import { readOwnEvents } from '#lib/services/graph/own-events.ts';
import { readSignatures } from '#lib/services/graph/read-signatures.ts';
import type { CertificateFacts } from '#lib/watch/certificate.ts';

/** Statements about one version that are read; whoever writes more about it does not want to be read. */
const MAX_ATTESTATIONS = 200;

type SignerRow = { san: string | null; issuer: string | null; method: 'sigstore' | 'key' | 'certificate' };

/** All that is known of one version's provenance: what the nine fields and the findings are made from. */
export function readVersionEvidence(
  reader: Writer,
  versionId: string,
  policies: SignerPolicies,
): VersionEvidence | null {
  const version = reader
    .select({ root: versions.root, artifactId: versions.artifactId, name: models.name })
    .from(versions)
    .innerJoin(models, eq(models.id, versions.modelId))
    .where(eq(versions.id, versionId))
    .get();
  if (!version) return null;
  const policy = policies.policyFor(version.name);
  const signed = selectSignatures(reader, versionId);
  const signatures = signed.map(
    ({ bundleId, signedAt, signedAtSource, ...signer }): VersionSignature => ({
      bundleId,
      signedAt,
      signedAtSource,
      signer: { san: signer.san ?? 'nobody', issuer: signer.issuer },
      isExpected: policy?.isSigner(signer) ?? true,
    }),
  );
  const { root, artifactId } = version;
  if (artifactId === null) return { root, signatures, attestations: [], links: [], declaredEvaluations: [] };
  const artifact = readSignatures(reader, [artifactId]).get(artifactId);
  const counts = (attester: SignerRow, isOwn: boolean) =>
    artifact !== undefined && isAttesterOf(artifact, attester, isOwn, policies);
  return {
    root,
    signatures,
    attestations: readAttestations(reader, artifactId, counts),
    links: readLinks(reader, artifactId),
    declaredEvaluations: readDeclaredEvaluations(reader, artifactId),
  };
}

function selectSignatures(reader: Writer, versionId: string) {
  return reader
    .select({
      bundleId: bundles.id,
      san: bundles.san,
      issuer: bundles.issuer,
      method: bundles.method,
      signedAt: bundles.signedAt,
      signedAtSource: bundles.signedAtSource,
    })
    .from(bundles)
    .where(and(eq(bundles.versionId, versionId), eq(bundles.state, 'verified')))
    .orderBy(asc(bundles.signedAt), asc(bundles.id))
    .all();
}

/** Statements whose subject is any name of the artifact. */
function readAttestations(
  reader: Writer,
  artifactId: number,
  counts: (attester: SignerRow, isOwn: boolean) => boolean,
): VersionAttestation[] {
  const rows = reader
    .selectDistinct({
      bundleId: bundles.id,
      san: bundles.san,
      issuer: bundles.issuer,
      method: bundles.method,
      signedAt: bundles.signedAt,
      signedAtSource: bundles.signedAtSource,
      facts: attestations.facts,
      certificate: events.certificate,
      eventId: bundles.eventId,
    })
    .from(artifactAliases)
    .innerJoin(
      bundleSubjects,
      and(eq(bundleSubjects.digest, artifactAliases.value), eq(bundleSubjects.algorithm, artifactAliases.scheme)),
    )
    .innerJoin(bundles, eq(bundles.id, bundleSubjects.bundleId))
    .innerJoin(attestations, eq(attestations.bundleId, bundles.id))
    .leftJoin(events, eq(events.id, bundles.eventId))
    .where(and(eq(artifactAliases.artifactId, artifactId), eq(bundles.state, 'verified')))
    .orderBy(asc(bundles.signedAt), asc(bundles.id))
    .limit(MAX_ATTESTATIONS)
    .all();
  const own = readOwnEvents(
    reader,
    rows.flatMap(({ eventId }) => eventId ?? []),
  );
  return rows.map(({ bundleId, signedAt, signedAtSource, facts, certificate, eventId, ...signer }) => ({
    bundleId,
    signedAt,
    signedAtSource,
    signer: { san: signer.san ?? 'nobody', issuer: signer.issuer },
    counts: counts(signer, eventId !== null && own.has(eventId)),
    facts: JSON.parse(facts) as AttestationFacts,
    certificate: certificate === null ? null : (JSON.parse(certificate) as CertificateFacts),
  }));
}

function readLinks(reader: Writer, artifactId: number): VersionLink[] {
  return reader
    .select()
    .from(links)
    .where(eq(links.childId, artifactId))
    .orderBy(asc(links.id))
    .all()
    .map(({ role, name, digests, at, bundleId, state, reason }) => ({
      role,
      name,
      digests: JSON.parse(digests) as SubjectDigest[],
      at,
      bundleId,
      state,
      reason,
    }));
}

function readDeclaredEvaluations(reader: Writer, artifactId: number): VersionEvidence['declaredEvaluations'] {
  return reader
    .select({ path: declarations.path, facts: declarations.facts })
    .from(declarations)
    .where(inArray(declarations.artifactId, [artifactId]))
    .orderBy(asc(declarations.id))
    .all()
    .flatMap(({ path, facts }) =>
      (JSON.parse(facts) as DeclarationFacts).evaluations.map(({ name, value, at }) => ({
        name,
        value,
        where: `${path}, ${at}`,
      })),
    );
}
