import { formatUtc } from './format.ts';
import type { Criterion, Scope } from './scope.ts';

export type CriterionKind = Criterion['kind'];

/** What each criterion is about, and what its value is. */
export const CRITERION: Readonly<Record<CriterionKind, { readonly word: string; readonly value: string }>> = {
  dataset: { word: 'Data set', value: 'Digest (sha256:…), repository@commit, name or address' },
  'base-model': { word: 'Base model', value: 'Digest (sha256:…), repository@commit, name or address' },
  commit: { word: 'Commit', value: 'A git commit, at least its first 7 characters' },
  repository: { word: 'Repository', value: 'https://github.com/owner/name' },
  workflow: { word: 'Workflow', value: 'Its file, with or without a ref' },
  builder: { word: 'Builder', value: 'The builder’s URI, as provenance names it' },
  identity: { word: 'Identity', value: 'The name in the certificate, whole' },
  key: { word: 'Key or certificate', value: 'SHA-256 of the key or certificate, 64 hexadecimal digits' },
  file: { word: 'File or whole model', value: 'Digest: sha256:…' },
  'log-range': { word: 'Entries of a log', value: 'The log’s origin' },
  window: { word: 'Signed within', value: 'Proven times' },
};

/** A criterion in words. Its values come from outside. */
export function criterionWords(criterion: Criterion): string {
  switch (criterion.kind) {
    case 'dataset':
      return `the data set ${criterion.alias}`;
    case 'base-model':
      return `the base model ${criterion.alias}`;
    case 'commit':
      return `the commit ${criterion.commit}`;
    case 'repository':
      return `the repository ${criterion.repository}`;
    case 'workflow':
      return `the workflow ${criterion.workflow}`;
    case 'builder':
      return `the builder ${criterion.builder}`;
    case 'identity':
      return `signed by ${criterion.identity}${criterion.issuer === undefined ? '' : ` through ${criterion.issuer}`}`;
    case 'key':
      return `signed by the key or certificate ${criterion.fingerprint}`;
    case 'file':
      return `the file or model ${criterion.digest}`;
    case 'log-range':
      return `entries ${criterion.from} to ${criterion.to - 1} of ${criterion.origin}`;
    case 'window':
      return windowWords(criterion.from, criterion.to);
  }
}

function windowWords(from: number | null, to: number | null): string {
  if (from === null && to === null) return 'signed at any time';
  if (to === null) return `signed from ${formatUtc(from ?? 0)} on`;
  return from === null ? `signed before ${formatUtc(to)}` : `signed from ${formatUtc(from)} up to ${formatUtc(to)}`;
}

/** A scope in one sentence without its full stop; groups stand in brackets. */
export function scopeWords(scope: Scope): string {
  if ('is' in scope) return criterionWords(scope.is);
  const [parts, joint] = 'all' in scope ? [scope.all, ' and '] : [scope.any, ' or '];
  return parts.map((part) => ('is' in part ? scopeWords(part) : `(${scopeWords(part)})`)).join(joint);
}
