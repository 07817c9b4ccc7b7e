import type { ArchivedArtifact, ArchivedBundle, ArchivedEvent, ArchivedScope } from './documents.ts';
import type { SameThings } from './same-things.ts';

type Criterion = Extract<ArchivedScope, { is: unknown }>['is'];

/** What an archive has of the thing that a path begins with. */
export interface PathStart {
  readonly artifact: ArchivedArtifact;
  /** Verified bundles about it: those that sign it, and those that the step names as proofs. */
  readonly bundles: readonly ArchivedBundle[];
  /** The proved entries of those bundles. */
  readonly events: readonly ArchivedEvent[];
  readonly same: SameThings;
}

const DIGEST = /^(?:[a-z0-9]+:)?[0-9a-f]{40,128}$/i;

/** Every criterion of a scope, whatever joins them. */
export function criteriaOf(scope: ArchivedScope): Criterion[] {
  if ('is' in scope) return [scope.is];
  return ('all' in scope ? scope.all : scope.any).flatMap(criteriaOf);
}

/** Whether a criterion names what a path begins with: by what it is known by, or by how it was signed and logged. */
export function isInScope(criteria: readonly Criterion[], start: PathStart): boolean {
  return criteria.some((criterion) => isMet(criterion, start));
}

/** Whether an archive has all that it takes to say that a criterion does not name something. */
export function isDecidable({ kind, alias }: Criterion): boolean {
  if (kind === 'dataset' || kind === 'base-model') return typeof alias === 'string' && DIGEST.test(alias);
  return kind === 'file' || kind === 'identity' || kind === 'key' || kind === 'log-range';
}

function isMet(is: Criterion, { artifact, bundles, events, same }: PathStart): boolean {
  const signed = [...bundles, ...events];
  switch (is.kind) {
    case 'dataset':
    case 'base-model':
      return typeof is.alias === 'string' && isKnownAs(artifact, is.alias);
    case 'file':
      return typeof is.digest === 'string' && (isKnownAs(artifact, is.digest) || hasFile(artifact, is.digest, same));
    case 'commit':
      return typeof is.commit === 'string' && isCommit(artifact, is.commit);
    case 'identity':
      return signed.some(({ signer }) => signer?.san === is.identity && (!is.issuer || signer?.issuer === is.issuer));
    case 'key':
      return (
        bundles.some(({ keySha256 }) => keySha256 === is.fingerprint) ||
        events.some(({ publicKeySha256 }) => publicKeySha256 === is.fingerprint)
      );
    case 'window':
      return signed.some(({ signedAt }) => signedAt !== null && isWithin(signedAt, is.from, is.to));
    case 'log-range':
      return events.some(({ log }) => log?.origin === is.origin && isWithin(log?.index ?? -1, is.from, is.to));
    default:
      return false;
  }
}

/** By a digest, a name, or a repository with or without its commit. */
function isKnownAs({ aliases, name, versions }: ArchivedArtifact, alias: string): boolean {
  const folded = alias.toLowerCase();
  return (
    name === alias ||
    versions.some(({ model }) => model === alias) ||
    aliases.some(({ scheme, value }) => {
      if (scheme === 'hf')
        return [value, value.split('@', 1)[0]].some((id) => id === alias || id === `datasets/${alias}`);
      return value === alias || value === folded || `${scheme}:${value}` === folded;
    })
  );
}

function hasFile(artifact: ArchivedArtifact, digest: string, same: SameThings): boolean {
  const [scheme, value] = digest.includes(':') ? digest.split(':', 2) : [undefined, digest];
  const schemes = scheme === undefined ? ['sha256', 'sha384', 'sha512', 'blake2b', 'blake3'] : [scheme];
  return schemes.some((one) => same.isFileOf(artifact, { scheme: one, value: value ?? '' }));
}

function isCommit({ aliases }: ArchivedArtifact, commit: string): boolean {
  return (
    commit.length >= 7 &&
    aliases.some(({ scheme, value }) => scheme === 'git' && value.startsWith(commit.toLowerCase()))
  );
}

function isWithin(value: number, from: unknown, to: unknown): boolean {
  return (typeof from !== 'number' || value >= from) && (typeof to !== 'number' || value < to);
}
