import { revokeToken } from '#lib/services/access/revoke-token.ts';
import { type CliCommand, EXIT, UsageError } from '../command.ts';
import { databasePath, openExisting, quietContext } from '../database.ts';
import { print } from '../output.ts';

export const tokenRevoke: CliCommand = {
  options: [
    { flags: '--config <file>', description: 'Configuration that names the database' },
    { flags: '--database <file>', description: 'The database itself; then no configuration is read' },
  ],
  examples: ['modeltrail token revoke "release pipeline"'],
  exitCodes: {
    0: 'revoked: the next request with it is refused',
    1: 'no token of this name is in use',
    2: 'no answer: wrong arguments, or no database',
  },
  run(input) {
    const name = input.positional(0)?.trim() ?? '';
    if (name === '') throw new UsageError('Name the token to revoke; modeltrail token list says which there are.');
    const database = openExisting(databasePath(input));
    try {
      if (revokeToken(quietContext(database), name, { kind: 'command-line' })) {
        print(`The token ${name} is revoked.`);
        return EXIT.good;
      }
      print(`No token of the name ${name} is in use. modeltrail token list says which there are.`);
      return EXIT.bad;
    } finally {
      database.close();
    }
  },
};
