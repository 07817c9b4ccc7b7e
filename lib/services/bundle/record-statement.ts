import type { Writer } from '#db/client.ts';
import { attestations } from '#db/schema/artifact.ts';
import type { AttestationFacts, AttestationKind } from '#lib/attestation/facts.ts';
import type { Subject } from '#lib/model-signing/statement.ts';
import type { ArtifactKind } from '#lib/provenance/link-state.ts';
import { placeArtifact } from '#lib/services/graph/place-artifact.ts';
import { recordLinks } from '#lib/services/graph/record-links.ts';
import { recordRetraction } from '#lib/services/incident/record-retraction.ts';
import type { BundleContent } from './read-content.ts';
import { recordVersion } from './record-version.ts';

/** Subjects of one statement that become artifacts; a build that attests more is about packages, not about models. */
const MAX_SUBJECTS = 1000;

/** Digests of in-toto that can name an artifact, and what the graph calls them. */
const SCHEMES = new Map([
  ['sha256', 'sha256'],
  ['sha384', 'sha384'],
  ['sha512', 'sha512'],
  ['blake2b', 'blake2b'],
  ['blake3', 'blake3'],
  ['gitCommit', 'git'],
]);

/** Kinds of statement that say what their subject is. */
const SUBJECT_KINDS: Partial<Record<AttestationKind, ArtifactKind>> = { croissant: 'dataset' };

/**
 * Stores what a verified bundle states: a version of a model, or an attestation with the links of each of its subjects.
 *
 * @returns the artifacts whose signatures or links may have changed.
 */
export function recordStatement(
  tx: Writer,
  { bundleId, content, now }: { bundleId: string; content: BundleContent; now: number },
): { artifactIds: number[] } {
  const { statement, manifest, facts } = content;
  if (manifest) return { artifactIds: [recordVersion(tx, bundleId, manifest, now)] };
  if (!statement || !facts) return { artifactIds: [] };
  tx.insert(attestations)
    .values({ bundleId, kind: facts.kind, facts: JSON.stringify(facts) })
    .onConflictDoUpdate({ target: attestations.bundleId, set: { kind: facts.kind, facts: JSON.stringify(facts) } })
    .run();
  const artifactIds = statement.subjects.slice(0, MAX_SUBJECTS).flatMap((subject) => {
    const childId = placeSubject(tx, subject, facts, now);
    if (childId === null) return [];
    if (facts.retraction) recordRetraction(tx, { bundleId, artifactId: childId, retraction: facts.retraction, now });
    return [childId, ...recordLinks(tx, { childId, document: { bundleId }, inputs: facts.inputs }, now)];
  });
  return { artifactIds };
}

/** A subject is known by its first digest that can name an artifact: a set of digests in a document merges nothing. */
function placeSubject(tx: Writer, subject: Subject, facts: AttestationFacts, now: number): number | null {
  const found = subject.digests.find(({ algorithm }) => SCHEMES.has(algorithm));
  const scheme = SCHEMES.get(found?.algorithm ?? '');
  if (!found || scheme === undefined) return null;
  const kind = SUBJECT_KINDS[facts.kind] ?? 'model';
  const name = subject.name === '' ? null : subject.name;
  return placeArtifact(tx, { kind, name, aliases: [{ scheme, value: found.digest, kind: 'stated' }] }, now);
}
