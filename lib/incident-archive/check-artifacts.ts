import { formatPlural } from '#lib/provenance/format.ts';
import { digestAlias } from '#lib/provenance/input-name.ts';
import type { VerifiedBundle } from './check-bundles.ts';
import { type ArchiveCheck, ArchiveError, Findings } from './checklist.ts';
import type { ArchivedArtifact } from './documents.ts';
import { artifactLabel } from './labels.ts';
import type { ReadDocuments } from './open-archive.ts';
import { isDigest, keyOf, type SameThings } from './same-things.ts';

/** Checks that who is said to have signed each artifact did, and that all its digests are of one thing. */
export function checkArtifacts(
  { affected: { artifacts } }: ReadDocuments,
  verified: ReadonlyMap<string, VerifiedBundle>,
  same: SameThings,
): ArchiveCheck {
  const findings = new Findings();
  const signed = signedNames(verified);
  for (const artifact of artifacts) {
    const what = `artifact ${artifact.id}, ${artifactLabel(artifact)}`;
    findings.attempt(what, () => {
      for (const id of artifact.signedBy) requireAbout(artifact, id, verified);
    });
    const named = artifact.versions.filter((version) => !isSignedAs(version, signed));
    for (const { model } of named)
      findings.open.push(`${what}: that it is called “${model}” is the word of the archive.`);
    const alone = digestsAlone(artifact, same);
    if (alone.length > 0)
      findings.open.push(`${what}: that it is also ${alone.join(', ')} is the word of the archive.`);
  }
  return findings.check(
    'artifacts',
    `${formatPlural(artifacts.length, 'artifact')} signed by whom the archive says, and known by digests of one thing.`,
  );
}

/** Under which names lists of files were signed, by their root. */
function signedNames(verified: ReadonlyMap<string, VerifiedBundle>): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>();
  for (const { manifest } of verified.values()) {
    if (manifest) names.set(manifest.root, (names.get(manifest.root) ?? new Set<string>()).add(manifest.name));
  }
  return names;
}

function isSignedAs(
  { model, root }: ArchivedArtifact['versions'][number],
  signed: ReadonlyMap<string, ReadonlySet<string>>,
): boolean {
  return signed.get(root)?.has(model) === true;
}

function requireAbout(artifact: ArchivedArtifact, id: string, verified: ReadonlyMap<string, VerifiedBundle>): void {
  const bundle = verified.get(id);
  if (!bundle) throw new ArchiveError(`The bundle ${id} that signs it is not a verified one of the archive`);
  if (!isAbout(bundle, artifact)) throw new ArchiveError(`The bundle ${id} does not sign it`);
}

/** Whether a bundle signs the artifact's files or digest, or states something of it. */
export function isAbout({ parsed, statement, manifest }: VerifiedBundle, { aliases }: ArchivedArtifact): boolean {
  const known = new Set(aliases.map(keyOf));
  if (manifest && known.has(`sha256:${manifest.root}`)) return true;
  if (parsed.content === 'message') {
    return Object.entries(parsed.signed).some(([scheme, value]) => value !== null && known.has(`${scheme}:${value}`));
  }
  const subjects = statement?.subjects.flatMap(({ digests }) => digests) ?? [];
  return subjects.some((digest) => {
    const alias = digestAlias('code', digest);
    return alias !== null && known.has(keyOf(alias));
  });
}

/** Digests that nothing in the archive shows to be of the same thing as the first that is its own. */
function digestsAlone({ aliases }: ArchivedArtifact, same: SameThings): string[] {
  const digests = aliases.filter(isDigest);
  const own =
    digests.find(({ kind }) => kind === 'oms-root') ?? digests.find(({ kind }) => kind !== 'stated') ?? digests[0];
  return own ? digests.filter((digest) => !same.areSame(own, digest)).map(keyOf) : [];
}
