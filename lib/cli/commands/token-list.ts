import { formatUtc } from '#lib/provenance/format.ts';
import { type ListedToken, listTokens } from '#lib/services/access/list-tokens.ts';
import { type CliCommand, EXIT } from '../command.ts';
import { databasePath, openExisting } from '../database.ts';
import { print, printFacts, printJson } from '../output.ts';

export const tokenList: CliCommand = {
  options: [
    { flags: '--config <file>', description: 'Configuration that names the database' },
    { flags: '--database <file>', description: 'The database itself; then no configuration is read' },
    { flags: '--json', description: 'Print one JSON object' },
  ],
  examples: ['modeltrail token list'],
  exitCodes: { 0: 'listed; there may be none', 2: 'no answer: wrong arguments, or no database' },
  async run(input) {
    const database = openExisting(databasePath(input));
    try {
      const tokens = await listTokens(database);
      if (input.flag('json')) printJson({ tokens });
      else if (tokens.length === 0) print('There is no token.');
      else printFacts(tokens.map((token) => [token.name, describeToken(token, Date.now())]));
      return EXIT.good;
    } finally {
      database.close();
    }
  },
};

function describeToken({ start, scopes, expiresAt, lastUsedAt, revokedAt }: ListedToken, now: number): string {
  const parts = [`${start}…`, scopes.join(', ')];
  if (revokedAt !== null) parts.push(`revoked ${formatUtc(revokedAt)}`);
  else if (expiresAt === null) parts.push('does not run out');
  else parts.push(`${expiresAt <= now ? 'ran' : 'runs'} out ${formatUtc(expiresAt)}`);
  parts.push(lastUsedAt === null ? 'never used' : `last used ${formatUtc(lastUsedAt)}`);
  return parts.join('; ');
}
