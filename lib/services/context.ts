import type { Logger } from 'pino';
import type { OpenDatabase } from '#db/client.ts';

/** What every writing verb is given: where to write, what time it is, where to say so. */
export interface ServiceContext {
  readonly database: OpenDatabase;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Logger;
}
