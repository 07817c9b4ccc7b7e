import type { InputRole } from '#lib/attestation/facts.ts';
import type { ArtifactKind } from '#lib/provenance/link-state.ts';

export const KIND_WORDS: Readonly<Record<ArtifactKind, string>> = {
  model: 'model',
  dataset: 'data set',
  code: 'code',
  environment: 'environment',
  component: 'component',
};

/** What an input was to the thing made of it, as a label. */
export const ROLE_LABELS: Readonly<Record<InputRole, string>> = {
  'base-model': 'base model',
  adapter: 'adapter',
  component: 'component',
  'quantised-from': 'quantised from',
  'merged-from': 'merged from',
  dataset: 'data set',
  code: 'code',
  environment: 'environment',
};
