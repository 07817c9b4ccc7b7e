import type { Problem } from './problem.ts';

/** Without standards nothing can be judged. */
export const NOT_READY: Problem = {
  code: 'not-ready',
  detail:
    'The jobs have not yet put a configuration and a trust root in force. Start them (npm start does), and try again.',
};
