import { formatUtc } from '#lib/provenance/format.ts';
import { type ListedUser, listUsers } from '#lib/services/access/list-users.ts';
import { ACCOUNT_OPTIONS, withDatabase } from '../account.ts';
import { type CliCommand, EXIT } from '../command.ts';
import { print, printFacts, printJson } from '../output.ts';

export const userList: CliCommand = {
  options: [...ACCOUNT_OPTIONS, { flags: '--json', description: 'Print one JSON object' }],
  examples: ['modeltrail user list'],
  exitCodes: { 0: 'listed; there may be none', 2: 'no answer: wrong arguments, or no database' },
  async run(input) {
    return withDatabase(input, async (database) => {
      const users = await listUsers(database, { now: Date.now() });
      if (input.flag('json')) printJson({ users });
      else if (users.length === 0)
        print('There is no account. The first is made at /setup, with a code of modeltrail user setup-code.');
      else printFacts(users.map((user) => [user.login ?? user.id, describe(user)]));
      return EXIT.good;
    });
  },
};

function describe({ name, role, oidcIssuer, sessions, lastSignInAt, disabledAt }: ListedUser): string {
  const parts = [name, role];
  if (oidcIssuer !== null) parts.push(`signs in with ${oidcIssuer}`);
  parts.push(lastSignInAt === null ? 'never signed in' : `last signed in ${formatUtc(lastSignInAt)}`);
  if (sessions > 0) parts.push(sessions === 1 ? 'one open session' : `${sessions} open sessions`);
  if (disabledAt !== null) parts.push(`disabled ${formatUtc(disabledAt)}`);
  return parts.join('; ');
}
