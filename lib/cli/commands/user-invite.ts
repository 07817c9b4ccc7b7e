import { ROLES } from '#db/schema/user.ts';
import { AccessRefusedError } from '#lib/services/access/access-refused.ts';
import { invite } from '#lib/services/access/invite.ts';
import { ACCOUNT_OPTIONS, pageUrl, withDatabase } from '../account.ts';
import { type CliCommand, EXIT, UsageError } from '../command.ts';
import { quietContext } from '../database.ts';
import { print } from '../output.ts';

export const userInvite: CliCommand = {
  options: [
    { flags: '--name <name>', description: 'What others see; the login if not said' },
    { flags: '--role <role>', description: `What they may do: ${ROLES.join(', ')}; viewer if not said` },
    ...ACCOUNT_OPTIONS,
  ],
  examples: ['modeltrail user invite responder@models.example --role investigator'],
  exitCodes: {
    0: 'invited; the link is printed this once',
    1: 'not invited: the login is taken, or is none',
    2: 'no answer: wrong arguments, or no database',
  },
  async run(input) {
    const login = input.positional(0) ?? '';
    const role = ROLES.find((known) => known === (input.text('role') ?? 'viewer'));
    if (role === undefined) throw new UsageError(`There is no such role. There are: ${ROLES.join(', ')}.`);
    return withDatabase(input, (database) => {
      try {
        const invited = { name: input.text('name') ?? login, login, role };
        const code = invite(quietContext(database), invited, { kind: 'command-line' });
        print(pageUrl(input, `/invitation?code=${code}`), '', 'It counts once, within three days.');
        return EXIT.good;
      } catch (error) {
        if (!(error instanceof AccessRefusedError)) throw error;
        print(error.message);
        return EXIT.bad;
      }
    });
  },
};
