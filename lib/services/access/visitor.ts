import type { PauseKey } from './pause.ts';
import type { NewSession } from './start-session.ts';

/** The browser that wants to sign in. */
export interface Visitor {
  /** Whom a failure of it counts against, besides the account. */
  readonly pauseKey: PauseKey;
  /** What a session of it is made with. */
  readonly session: Pick<NewSession, 'agent' | 'lifetime' | 'before'>;
}
