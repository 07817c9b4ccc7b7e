import type { Criterion } from './scope.ts';

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
