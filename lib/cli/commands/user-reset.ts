import { AccessRefusedError } from '#lib/services/access/access-refused.ts';
import { invite } from '#lib/services/access/invite.ts';
import { ACCOUNT_OPTIONS, namedAccount, pageUrl, withDatabase } from '../account.ts';
import { type CliCommand, EXIT } from '../command.ts';
import { quietContext } from '../database.ts';
import { print } from '../output.ts';

export const userReset: CliCommand = {
  options: ACCOUNT_OPTIONS,
  examples: ['modeltrail user reset responder@models.example'],
  exitCodes: {
    0: 'the link is printed this once; the old password counts until it is used',
    1: 'the account has no password to set: it is of an identity provider',
    2: 'no answer: wrong arguments, no such account, or no database',
  },
  async run(input) {
    return withDatabase(input, async (database) => {
      const { id } = await namedAccount(database, input.positional(0) ?? '');
      try {
        const code = invite(quietContext(database), { userId: id }, { kind: 'command-line' });
        print(
          pageUrl(input, `/invitation?code=${code}`),
          '',
          'It counts once, within three days, and ends all sessions.',
        );
        return EXIT.good;
      } catch (error) {
        if (!(error instanceof AccessRefusedError)) throw error;
        print(error.message);
        return EXIT.bad;
      }
    });
  },
};
