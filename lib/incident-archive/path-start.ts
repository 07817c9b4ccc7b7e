import { digestAlias } from '#lib/provenance/input-name.ts';
import { isAbout } from './check-artifacts.ts';
import type { VerifiedBundle } from './check-bundles.ts';
import type { ProvenEvent } from './check-events.ts';
import type { CheckedLink } from './check-links.ts';
import { type ArchivedAffected, type ArchivedArtifact, MAX_SIGNATURES } from './documents.ts';
import type { ReadDocuments } from './open-archive.ts';
import { type ProvenSigning, signingOfBundle, signingOfEvent } from './proven-signing.ts';
import { keyOf, type SameThings } from './same-things.ts';
import { criteriaOf, type Naming, nameStart } from './scope-match.ts';

export interface StartEvidence {
  readonly verified: ReadonlyMap<string, VerifiedBundle>;
  readonly proven: ReadonlyMap<string, ProvenEvent>;
  readonly links: ReadonlyMap<number, CheckedLink>;
  readonly same: SameThings;
}

/** Looks whether a criterion of the scope names what a path begins with, by what the archive proves of it and nothing else. */
export function startNamer(
  { incident, affected, events }: ReadDocuments,
  { verified, proven, links, same }: StartEvidence,
): (affected: ArchivedAffected) => Naming {
  const criteria = criteriaOf(incident.scope);
  const artifacts = new Map(affected.artifacts.map((artifact) => [artifact.id, artifact]));
  const known = new Map(events.map((event) => [event.id, event]));
  const signingOf = (bundle: VerifiedBundle) => {
    const event = bundle.listed.event ?? '';
    const entry = proven.get(event);
    return signingOfBundle(bundle, known.get(event), entry && isSameSigning(bundle, entry) ? entry : undefined);
  };
  return ({ path: [step, next] }) => {
    const artifact = artifacts.get(step?.artifact ?? 0);
    if (!artifact || !step) return { isNamed: false, open: [] };
    const isOwn = new Set(artifact.signedBy);
    const bundles = [...new Set([...step.proofs, ...artifact.signedBy])].flatMap((id) => {
      const bundle = verified.get(id);
      return bundle && (isAbout(bundle, artifact) || isAboutFile(bundle, artifact, same)) ? [bundle] : [];
    });
    const entries = step.proofs.flatMap((id) => proven.get(id) ?? []).map(signingOfEvent);
    const link = next?.link == null ? undefined : links.get(next.link)?.link;
    const isStated = link !== undefined && 'bundle' in link.statedBy;
    return nameStart(criteria, {
      artifact,
      signatures: [
        ...bundles.filter(({ listed }) => isOwn.has(listed.id)).map(signingOf),
        ...entries.filter((entry) => covers(entry, artifact)),
      ],
      hasAllSignatures: artifact.signedBy.length < MAX_SIGNATURES,
      statements: bundles.filter(({ listed }) => !isOwn.has(listed.id)).map(signingOf),
      names: new Set([
        ...bundles.flatMap((bundle) => namesIn(bundle, artifact)),
        ...(isStated ? [link.name, link.uri] : []).filter((name) => name !== null),
      ]),
      input: isStated ? link.input : null,
      same,
    });
  };
}

/** Whether an entry is that of the bundle, as the bundle's own, or over what the bundle signs. */
function isSameSigning({ listed, parsed }: VerifiedBundle, { digests }: ProvenEvent): boolean {
  // That it is the bundle's own was checked with the bundle.
  if (listed.linkedBy === 'leaf') return true;
  const signed = Object.entries(parsed.signed).map(([scheme, value]) => `${scheme}:${value}`);
  return digests.some((digest) => signed.includes(keyOf(digest)));
}

/** An entry that nobody has shown the bundle of is over a digest of the artifact. */
function covers({ digests }: ProvenSigning, { aliases }: ArchivedArtifact): boolean {
  const known = new Set(aliases.map(keyOf));
  return digests.some((digest) => known.has(keyOf(digest)));
}

function isAboutFile({ statement }: VerifiedBundle, artifact: ArchivedArtifact, same: SameThings): boolean {
  const subjects = statement?.subjects.flatMap(({ digests }) => digests) ?? [];
  return subjects.some((digest) => {
    const alias = digestAlias('code', digest);
    return alias !== null && same.isFileOf(artifact, alias);
  });
}

/** What a bundle about the artifact calls it. */
function namesIn({ manifest, statement }: VerifiedBundle, { aliases }: ArchivedArtifact): string[] {
  if (manifest) return [manifest.name];
  const known = new Set(aliases.map(keyOf));
  return (statement?.subjects ?? []).flatMap(({ name, digests }) => {
    const isIt = digests.some((digest) => {
      const alias = digestAlias('code', digest);
      return alias !== null && known.has(keyOf(alias));
    });
    return isIt && name ? [name] : [];
  });
}
