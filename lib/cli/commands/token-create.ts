import { formatUtc } from '#lib/provenance/format.ts';
import { createToken, TokenNameTakenError } from '#lib/services/access/create-token.ts';
import { SCOPES, type Scope } from '#lib/services/access/scope.ts';
import { type CliCommand, EXIT, UsageError } from '../command.ts';
import { databasePath, openExisting, quietContext } from '../database.ts';
import { parseDays } from '../days.ts';
import { print, printFacts, printJson } from '../output.ts';

const DEFAULT_DAYS = '90d';
const DAY = 86_400_000;

export const tokenCreate: CliCommand = {
  options: [
    { flags: '--scope <list>', description: `What it may do, with commas: ${SCOPES.join(', ')}` },
    { flags: '--expires <days>', description: `When it runs out: 1d to 3650d, or never; ${DEFAULT_DAYS} if not said` },
    { flags: '--config <file>', description: 'Configuration that names the database' },
    { flags: '--database <file>', description: 'The database itself; then no configuration is read' },
    { flags: '--json', description: 'Print one JSON object' },
  ],
  examples: ['modeltrail token create "release pipeline" --scope ingest --expires 365d'],
  exitCodes: {
    0: 'made; the token is printed this once',
    1: 'not made: a token of this name exists',
    2: 'no answer: wrong arguments, or no database',
  },
  run(input) {
    const name = input.positional(0)?.trim() ?? '';
    if (name === '' || name.length > 100)
      throw new UsageError('Give the token a name of 1 to 100 characters: for what is it?');
    const scopes = readScopes(input.text('scope'));
    const days = parseDays(input.text('expires') ?? DEFAULT_DAYS);
    const database = openExisting(databasePath(input));
    try {
      const expiresAt = days === null ? null : Date.now() + days * DAY;
      const made = createToken(quietContext(database), { name, scopes, expiresAt }, { kind: 'command-line' });
      if (input.flag('json')) printJson({ ...made, name, scopes, expiresAt });
      else {
        print(made.token, '');
        printFacts([
          ['Name', name],
          ['May', scopes.join(', ')],
          ['Runs out', expiresAt === null ? 'never' : formatUtc(expiresAt)],
        ]);
        print('', 'Keep it now: it is not stored, and cannot be shown again.');
      }
      return EXIT.good;
    } catch (error) {
      if (!(error instanceof TokenNameTakenError)) throw error;
      print(error.message);
      return EXIT.bad;
    } finally {
      database.close();
    }
  },
};

function readScopes(text: string | undefined): Scope[] {
  if (text === undefined) throw new UsageError(`Say what the token may do: --scope ${SCOPES.join(', --scope ')}.`);
  return text.split(',').map((part) => {
    const scope = SCOPES.find((known) => known === part.trim());
    if (scope) return scope;
    throw new UsageError(`There is no scope ${JSON.stringify(part.trim())}. There are: ${SCOPES.join(', ')}.`);
  });
}
