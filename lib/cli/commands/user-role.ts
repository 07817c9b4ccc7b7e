import { ROLES } from '#db/schema/user.ts';
import { ACCOUNT_OPTIONS } from '../account.ts';
import { changeAccount } from '../change-account.ts';
import { type CliCommand, UsageError } from '../command.ts';

export const userRole: CliCommand = {
  options: ACCOUNT_OPTIONS,
  examples: ['modeltrail user role responder@models.example investigator'],
  exitCodes: {
    0: 'changed, from the next request on',
    1: 'not changed: it is the last admin, or the identity provider says the role',
    2: 'no answer: wrong arguments, no such account, or no database',
  },
  async run(input) {
    const role = ROLES.find((known) => known === input.positional(1));
    if (role === undefined) throw new UsageError(`Name the role: ${ROLES.join(', ')}.`);
    return changeAccount(input, { kind: 'role', role }, `has the role ${role} now.`);
  },
};
