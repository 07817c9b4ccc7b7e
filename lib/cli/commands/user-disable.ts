import { ACCOUNT_OPTIONS } from '../account.ts';
import { changeAccount } from '../change-account.ts';
import type { CliCommand } from '../command.ts';

export const userDisable: CliCommand = {
  options: [...ACCOUNT_OPTIONS, { flags: '--undo', description: 'Let them in again' }],
  examples: ['modeltrail user disable responder@models.example'],
  exitCodes: {
    0: 'done, from the next request on; sessions have ended',
    1: 'not done: it is the last admin',
    2: 'no answer: wrong arguments, no such account, or no database',
  },
  run(input) {
    return input.flag('undo')
      ? changeAccount(input, { kind: 'enable' }, 'may sign in again.')
      : changeAccount(input, { kind: 'disable' }, 'is kept out now.');
  },
};
