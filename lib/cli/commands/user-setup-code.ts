import { AccessRefusedError } from '#lib/services/access/access-refused.ts';
import { makeSetupCode } from '#lib/services/access/make-setup-code.ts';
import { ACCOUNT_OPTIONS, pageUrl, withDatabase } from '../account.ts';
import { type CliCommand, EXIT } from '../command.ts';
import { quietContext } from '../database.ts';
import { print } from '../output.ts';

export const userSetupCode: CliCommand = {
  options: ACCOUNT_OPTIONS,
  examples: ['modeltrail user setup-code'],
  exitCodes: {
    0: 'the code is printed this once; one from before counts no more',
    1: 'there is an admin already',
    2: 'no answer: wrong arguments, or no database',
  },
  async run(input) {
    return withDatabase(input, (database) => {
      try {
        print(makeSetupCode(quietContext(database), { kind: 'command-line' }));
        print(
          '',
          `Open ${pageUrl(input, '/setup')} and make the first admin with it. It counts once, within 24 hours.`,
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
