import { type BuildCriterion, certifiedBy, isRepository, statedBy } from '#lib/provenance/build-match.ts';
import type { AliasName } from '#lib/provenance/input-name.ts';
import type { ArchivedArtifact, ArchivedScope } from './documents.ts';
import type { ProvenSigning } from './proven-signing.ts';
import { keyOf, type SameThings } from './same-things.ts';

type Criterion = Extract<ArchivedScope, { is: unknown }>['is'];

/** What an archive has of the thing that a path begins with. */
export interface PathStart {
  readonly artifact: ArchivedArtifact;
  /** Verified signatures over it. */
  readonly signatures: readonly ProvenSigning[];
  /** Whether these are all that the exporter knew: only so many are exported of one thing. */
  readonly hasAllSignatures: boolean;
  /** Verified statements about it, besides. */
  readonly statements: readonly ProvenSigning[];
  /** How verified statements call it: those about it, and the one that names it as an input on the path. */
  readonly names: ReadonlySet<string>;
  /** By which digest the path's first statement names it. */
  readonly input: AliasName | null;
  readonly same: SameThings;
}

/** Whether a criterion names something: shown, or else why not. Where nothing stands open, it is shown that none does. */
export type Naming =
  | { readonly isNamed: true }
  /** `open`: what no archive can show, or this one does not, a clause each. */
  | { readonly isNamed: false; readonly open: readonly string[] };

const DIGEST = /^(?:[a-z0-9]+:)?[0-9a-f]{40,128}$/i;

/** Every criterion of a scope, whatever joins them. */
export function criteriaOf(scope: ArchivedScope): Criterion[] {
  if ('is' in scope) return [scope.is];
  return ('all' in scope ? scope.all : scope.any).flatMap(criteriaOf);
}

/** Whether any of these criteria names what a path begins with. */
export function nameStart(criteria: readonly Criterion[], start: PathStart): Naming {
  const open = new Set<string>();
  for (const criterion of criteria) {
    const found = judge(criterion, start);
    if (found === true) return { isNamed: true };
    if (found !== false) open.add(found);
  }
  return { isNamed: false, open: [...open] };
}

/** @returns a clause where it is neither shown that the criterion names it, nor that it does not. */
function judge(is: Criterion, start: PathStart): boolean | string {
  const { artifact, signatures, statements, same } = start;
  const all = [...signatures, ...statements];
  const build = buildCriterion(is);
  if (build) return isBuiltBy(build, start);
  switch (is.kind) {
    case 'dataset':
    case 'base-model':
      return typeof is.alias === 'string' && isCalled(is.alias, start);
    case 'file':
      return typeof is.digest === 'string' && (hasDigest(artifact, is.digest) || hasFile(artifact, is.digest, same));
    case 'identity':
      return all.some(({ signers }) =>
        signers.some(({ san, issuer }) => san === is.identity && (!is.issuer || issuer === is.issuer)),
      );
    case 'key':
      return all.some(({ fingerprints }) => fingerprints.some((fingerprint) => fingerprint === is.fingerprint));
    case 'window':
      return isSignedWithin(is, start);
    case 'log-range': {
      const isThere = all.some(({ places }) =>
        places.some(({ origin, index }) => origin === is.origin && isFrom(index, is.from) && isBefore(index, is.to)),
      );
      return isThere || (all.find(({ unprovenPlace }) => unprovenPlace !== null)?.unprovenPlace ?? false);
    }
    default:
      return `criteria of the kind “${is.kind}” are not known here`;
  }
}

function buildCriterion(is: Criterion): BuildCriterion | null {
  if (is.kind === 'commit' && typeof is.commit === 'string') return { kind: 'commit', commit: is.commit };
  if (is.kind === 'repository' && typeof is.repository === 'string')
    return { kind: 'repository', repository: is.repository };
  if (is.kind === 'workflow' && typeof is.workflow === 'string') return { kind: 'workflow', workflow: is.workflow };
  return is.kind === 'builder' && typeof is.builder === 'string' ? { kind: 'builder', builder: is.builder } : null;
}

/** By certificates and verified attestations, of which each path has those that it rests on; or as code that is itself meant. */
function isBuiltBy(
  criterion: BuildCriterion,
  { artifact, signatures, statements, names }: PathStart,
): boolean | string {
  const shows = ({ extensions, facts }: ProvenSigning) =>
    certifiedBy(criterion, extensions) !== null || (facts !== null && statedBy(criterion, facts) !== null);
  if ([...signatures, ...statements].some(shows)) return true;
  if (criterion.kind === 'commit') return isCommit(artifact, criterion.commit);
  if (criterion.kind !== 'repository') return false;
  const isIt = (name: string) => isRepository(criterion.repository, name);
  if ([...names].some(isIt)) return true;
  const known = artifact.aliases.find(({ scheme, value }) => scheme === 'name' && isIt(value));
  return known ? `nobody signed that it is at ${known.value}` : false;
}

/** A digest is the artifact's or it is not. A name is shown where a signed statement gives it. */
function isCalled(alias: string, { artifact, names, input }: PathStart): boolean | string {
  if (DIGEST.test(alias)) {
    const folded = alias.toLowerCase();
    return hasDigest(artifact, alias) || (input !== null && [input.value, keyOf(input)].includes(folded));
  }
  if ([...names].some((name) => isName(name, alias))) return true;
  const { aliases, versions, name } = artifact;
  const known = [
    ...(name === null ? [] : [name]),
    ...versions.map(({ model }) => model),
    ...aliases.filter(({ scheme }) => scheme === 'hf' || scheme === 'name').map(({ value }) => value),
  ];
  return known.some((one) => isName(one, alias))
    ? `nobody signed that it is called “${alias}”: only a registration or a source says so`
    : `it may be called “${alias}” by statements that are not in the archive`;
}

/** Names are compared whole, repositories with or without their commit. */
function isName(name: string, alias: string): boolean {
  return [name, name.split('@', 1)[0]].some((one) => one === alias || one === `datasets/${alias}`);
}

function hasDigest({ aliases }: ArchivedArtifact, digest: string): boolean {
  const folded = digest.toLowerCase();
  return aliases.some(
    ({ scheme, value }) =>
      scheme !== 'hf' && scheme !== 'name' && (value === folded || `${scheme}:${value}` === folded),
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

/** Both ends are part of a window. Where a signature over it has a proven time, statements about it say nothing of when. */
function isSignedWithin(
  { from, to }: Criterion,
  { signatures, statements, hasAllSignatures }: PathStart,
): boolean | string {
  const timesOf = (signings: readonly ProvenSigning[]) => signings.flatMap(({ signedAt }) => signedAt ?? []);
  const own = timesOf(signatures);
  const times = own.length > 0 ? own : timesOf(statements);
  if (times.some((time) => isFrom(time, from) && (typeof to !== 'number' || time <= to))) return true;
  if (own.length > 0 && hasAllSignatures) return false;
  return own.length > 0
    ? 'it has more signatures than are exported, and those that are here were made outside of the window'
    : 'no signature in the archive proves when it was signed';
}

function isFrom(value: number, from: unknown): boolean {
  return typeof from !== 'number' || value >= from;
}

function isBefore(value: number, to: unknown): boolean {
  return typeof to !== 'number' || value < to;
}
