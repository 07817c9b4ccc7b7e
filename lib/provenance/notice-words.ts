import type { State } from './state.ts';
import type { UseNotice } from './use-notice.ts';

/** Of files that must not be used, whatever else is said of them. */
export const REFUSED: State = {
  tone: 'broken',
  word: 'Refused',
  meaning: 'Part of an incident: verify, the API and the check at load time refuse it.',
};

const LOOKED_INTO: State = {
  tone: 'claimed',
  word: 'Looked into',
  meaning: 'Part of an incident, but nobody has decided that it is affected.',
};

const RETRACTED: State = {
  tone: 'broken',
  word: 'Retracted',
  meaning: 'Its signer withdrew it by a signed statement: verify, the API and the check at load time refuse it.',
};

/** The one word for what stands against using something. */
export function noticeState(notice: UseNotice): State {
  if (notice.kind === 'retraction') return RETRACTED;
  return notice.refuses ? REFUSED : LOOKED_INTO;
}
