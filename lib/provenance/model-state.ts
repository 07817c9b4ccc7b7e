import { LOGGED, SIGNATURE, type State } from './state.ts';

/** What can be said of a model's newest version in one word: whose signature it has, and whether that is in a log. */
export const MODEL_STATES = ['proved', 'waiting', 'not-logged', 'unexpected', 'unsigned'] as const;

export type ModelState = (typeof MODEL_STATES)[number];

export const MODEL: Readonly<Record<ModelState, State>> = {
  ...LOGGED,
  unexpected: SIGNATURE.unexpected,
  unsigned: SIGNATURE.unsigned,
};
