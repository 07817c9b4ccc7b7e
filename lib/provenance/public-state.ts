import { MODEL, type ModelState } from './model-state.ts';
import type { State } from './state.ts';

/** The one word that outsiders are told of a version. What forbids its use stands before what its signature says. */
export const PUBLIC_STATES = [
  'refused',
  'retracted',
  'proved',
  'waiting',
  'not-logged',
  'unexpected',
  'unsigned',
] as const;

export type PublicState = (typeof PUBLIC_STATES)[number];

/** The words of the dashboard, with what they mean for somebody who knows nothing of logs. */
export const PUBLIC: Readonly<Record<PublicState, State>> = {
  proved: { ...MODEL.proved, meaning: 'The signature is good, and we read its record in a public log.' },
  waiting: { ...MODEL.waiting, meaning: 'The signature is good, and proves that a public log has its record.' },
  'not-logged': { ...MODEL['not-logged'], meaning: 'The signature is good, but stands in no public log.' },
  unexpected: { ...MODEL.unexpected, meaning: 'The signature is good, but not by anybody who should sign this model.' },
  unsigned: { ...MODEL.unsigned, meaning: 'Nobody has shown a good signature of these files.' },
  refused: { tone: 'broken', word: 'Do not use', meaning: 'Its publisher says that it must not be used.' },
  retracted: { tone: 'broken', word: 'Withdrawn', meaning: 'Its own signer withdrew it by a signed statement.' },
};

/** @param signature what its newest signature comes to. */
export function publicState(signature: ModelState, isRefused: boolean, isRetracted: boolean): PublicState {
  if (isRefused) return 'refused';
  return isRetracted ? 'retracted' : signature;
}

/** Whether a version in this state must not be used, whatever its signature says. */
export function forbidsUse(state: PublicState): boolean {
  return state === 'refused' || state === 'retracted';
}
