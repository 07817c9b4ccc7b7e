import type { ArchivedArtifact, ArchivedBundle, ArchivedEvent, ArchivedScope } from './documents.ts';

type Criterion = Extract<ArchivedScope, { is: unknown }>['is'];

/** Every criterion of a scope, whatever joins them. */
export function criteriaOf(scope: ArchivedScope): Criterion[] {
  if ('is' in scope) return [scope.is];
  return ('all' in scope ? scope.all : scope.any).flatMap(criteriaOf);
}

/** Whether a criterion names the artifact itself, by anything that it is known by. */
export function isNamedByScope(scope: ArchivedScope, { aliases }: ArchivedArtifact): boolean {
  const names = aliases.flatMap(({ scheme, value }) => [value, `${scheme}:${value}`]);
  return criteriaOf(scope).some(({ kind, alias, digest, commit }) => {
    if (kind === 'commit') {
      return (
        typeof commit === 'string' && aliases.some(({ scheme, value }) => scheme === 'git' && value.startsWith(commit))
      );
    }
    const named = alias ?? digest;
    return typeof named === 'string' && names.includes(named);
  });
}

/** Whether a criterion is about how a verified bundle was signed. */
export function isSignedInScope(scope: ArchivedScope, { signer, keySha256, signedAt }: ArchivedBundle): boolean {
  return criteriaOf(scope).some((is) => {
    if (is.kind === 'identity')
      return signer?.san === is.identity && (is.issuer === undefined || signer?.issuer === is.issuer);
    if (is.kind === 'key') return keySha256 !== null && keySha256 === is.fingerprint;
    return is.kind === 'window' && signedAt !== null && isWithin(signedAt, is.from, is.to);
  });
}

/** Whether a criterion is about the place, the signer or the time of a proved entry. */
export function isLoggedInScope(
  scope: ArchivedScope,
  { log, signer, publicKeySha256, signedAt }: ArchivedEvent,
): boolean {
  return criteriaOf(scope).some((is) => {
    if (is.kind === 'log-range') return log !== null && log.origin === is.origin && isWithin(log.index, is.from, is.to);
    if (is.kind === 'identity')
      return signer?.san === is.identity && (is.issuer === undefined || signer?.issuer === is.issuer);
    if (is.kind === 'key') return publicKeySha256 !== null && publicKeySha256 === is.fingerprint;
    return is.kind === 'window' && signedAt !== null && isWithin(signedAt, is.from, is.to);
  });
}

function isWithin(value: number, from: unknown, to: unknown): boolean {
  return (typeof from !== 'number' || value >= from) && (typeof to !== 'number' || value < to);
}
