import { formatUtc } from '#lib/provenance/format.ts';
import { describeSigner } from '#lib/provenance/signer.ts';
import { elideMiddle } from '#lib/provenance/untrusted-text.ts';
import type { ArchiveDocuments, ArchivedArtifact, ArchivedBundle } from './documents.ts';

/** A label stands wherever a path goes by: one of great length would make a report of any length. */
const MAX_LABEL = 240;

/** What an artifact is called: model and label where it is a version, or the start of its root; else its name, else its first alias. */
export function artifactLabel(artifact: ArchivedArtifact | undefined): string {
  if (!artifact) return 'something that is not in the archive';
  const [version] = artifact.versions;
  if (version) return elideMiddle(`${version.model} ${version.label ?? version.root.slice(0, 12)}`, MAX_LABEL);
  const [alias] = artifact.aliases;
  const name = artifact.name ?? (alias ? `${alias.scheme}:${alias.value}` : `artifact ${artifact.id}`);
  return elideMiddle(name, MAX_LABEL);
}

/** The digests that an artifact is known by, `sha256:…`; names and repositories are none. */
export function digestsOf({ aliases }: ArchivedArtifact): string[] {
  return aliases
    .filter(({ scheme }) => scheme !== 'name' && scheme !== 'hf')
    .map(({ scheme, value }) => `${scheme}:${value}`);
}

export function signerLabel(bundle: Pick<ArchivedBundle, 'signer'>): string {
  return bundle.signer === null ? 'nobody known' : elideMiddle(describeSigner(bundle.signer), 2 * MAX_LABEL);
}

export function timeLabel(at: number | null): string {
  return at === null ? 'unknown' : formatUtc(at);
}

/** Who did something, from the JSON that the audit chain has of them. */
export function actorLabel(json: string): string {
  const actor = readActor(json);
  const name = typeof actor.name === 'string' ? actor.name : '';
  switch (actor.kind) {
    case 'user':
      return name;
    case 'token':
      return `token ${name}`;
    case 'loopback':
      return 'somebody at the machine, without sign-in';
    case 'command-line':
      return 'command line';
    case 'jobs':
      return 'Modeltrail';
    default:
      return json;
  }
}

function readActor(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** The documents by what they are referred to with. */
export function indexDocuments({ affected, links, bundles }: ArchiveDocuments) {
  return {
    artifacts: new Map(affected.artifacts.map((artifact) => [artifact.id, artifact])),
    links: new Map(links.map((link) => [link.id, link])),
    bundles: new Map(bundles.map((bundle) => [bundle.id, bundle])),
  };
}

export type DocumentIndex = ReturnType<typeof indexDocuments>;
