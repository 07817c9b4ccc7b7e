import type { InputRole } from '#lib/attestation/facts.ts';
import { elideMiddle, showText } from './untrusted-text.ts';

/** What an input is called in a sentence, by its role. */
export const ROLE_WORDS: Readonly<Record<InputRole, string>> = {
  'base-model': 'the base model',
  adapter: 'an adapter',
  component: 'a component',
  'quantised-from': 'the model it was quantised from',
  'merged-from': 'a model it was merged from',
  dataset: 'a data set',
  code: 'its code',
  environment: 'its environment',
};

const MAX_LABEL = 120;

/** What to call an input: its name where one is known, else its digest or address; safe to show. */
export function inputLabel(names: readonly (string | null)[]): string {
  const name = names.find((candidate) => candidate !== null && candidate.trim() !== '');
  return name === undefined || name === null ? 'an input without a name' : elideMiddle(showText(name), MAX_LABEL);
}

/** `northwind-index, a component,`: how a sentence about an input begins. */
export function inputWords(label: string, role: InputRole): string {
  return `${label}, ${ROLE_WORDS[role]},`;
}
