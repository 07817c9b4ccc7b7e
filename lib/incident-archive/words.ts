import type { ArchivedAffected, ArchivedIncident, ArchivedLink, ArchivedScope } from './documents.ts';

// Words of the report. Whoever verifies an archive makes its report again and compares it byte for byte: they belong to the
// version of the format, and are not the pages' words, which may change.

export const STATE_WORDS: Readonly<Record<ArchivedIncident['state'], string>> = {
  open: 'Open',
  'under-review': 'Under review',
  contained: 'Contained',
  closed: 'Closed',
};

export const SEVERITY_WORDS: Readonly<Record<ArchivedIncident['severity'], string>> = {
  low: 'Low',
  medium: 'Medium',
  high: 'High',
  critical: 'Critical',
};

export const TIER_ORDER = ['proven', 'descendant', 'declared', 'not-excluded'] as const;

export const TIER_WORDS: Readonly<
  Record<ArchivedAffected['tier'], { readonly word: string; readonly meaning: string }>
> = {
  proven: { word: 'Proven', meaning: 'Verified statements lead from what the incident is about to it, by digests.' },
  descendant: { word: 'Descendant', meaning: 'It was made from something that is proven to be affected.' },
  declared: { word: 'Declared', meaning: 'Only names, unsigned files or the word of outsiders lead to it.' },
  'not-excluded': {
    word: 'Cannot be excluded',
    meaning: 'The same signer or pipeline at that time, and nothing says what it was made from.',
  },
};

export const DECISION_WORDS = { affected: 'Decided: affected', cleared: 'Decided: not affected' } as const;

export const LINK_WORDS: Readonly<Record<ArchivedLink['state'], string>> = {
  verified: 'verified',
  'parent-unsigned': 'input unsigned',
  'parent-unknown': 'input unknown',
  declared: 'declared',
  conflict: 'conflict',
};

export const BASIS_WORDS: Readonly<Record<ArchivedLink['basis'], string>> = {
  attester: 'a signed statement',
  outsider: 'a signed statement of somebody else',
  declaration: 'an unsigned file',
};

export const AUTHENTICITY_WORDS = {
  verified: 'verified',
  impersonation: 'impersonation',
  unverifiable: 'cannot be verified',
} as const;

const CRITERION_WORDS: Readonly<Record<string, string>> = {
  dataset: 'data set',
  'base-model': 'base model',
  commit: 'commit',
  repository: 'repository',
  workflow: 'workflow',
  builder: 'builder',
  identity: 'identity',
  key: 'key',
  file: 'file or model',
  'log-range': 'entries of the log',
  window: 'signed',
};

/** A scope as lines, those within `all` and `any` set in. Texts in it are as they are given, not yet safe to show. */
export function describeScope(scope: ArchivedScope, depth = 0): { readonly depth: number; readonly line: string }[] {
  if ('is' in scope) return [{ depth, line: describeCriterion(scope.is) }];
  const [word, parts] = 'all' in scope ? ['all of', scope.all] : ['any of', scope.any];
  return [{ depth, line: word }, ...parts.flatMap((part) => describeScope(part, depth + 1))];
}

function describeCriterion({ kind, ...fields }: Extract<ArchivedScope, { is: unknown }>['is']): string {
  const word = CRITERION_WORDS[kind] ?? kind;
  const entries = Object.entries(fields);
  if (kind === 'window') return `${word} ${describeWindow(fields)}`;
  if (kind === 'identity') return `${word} ${fields.identity}${fields.issuer ? ` through ${fields.issuer}` : ''}`;
  if (kind === 'log-range') return `${word} ${fields.origin} from ${fields.from} up to but without ${fields.to}`;
  return `${word} ${entries.map(([key, value]) => (entries.length === 1 ? value : `${key} ${value}`)).join(', ')}`;
}

function describeWindow({ from, to }: Readonly<Record<string, unknown>>): string {
  const ends = [typeof from === 'number' ? `from ${iso(from)}` : '', typeof to === 'number' ? `to ${iso(to)}` : ''];
  return ends.filter(Boolean).join(' ') || 'at any time';
}

function iso(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? 'no valid date' : date.toISOString();
}
