import type { OpenDatabase } from '#db/client.ts';
import { configPath } from '#lib/config/config-path.ts';
import { ConfigError } from '#lib/config/error.ts';
import { loadConfig } from '#lib/config/load.ts';
import { type ListedUser, listUsers } from '#lib/services/access/list-users.ts';
import { UsageError } from './command.ts';
import { databasePath, openExisting } from './database.ts';
import type { CommandInput } from './input.ts';

/** Options of every command that changes accounts. */
export const ACCOUNT_OPTIONS = [
  { flags: '--config <file>', description: 'Configuration that names the database' },
  { flags: '--database <file>', description: 'The database itself; then no configuration is read' },
] as const;

/** The account that a command names, by its login or its id. @throws {UsageError} */
export async function namedAccount(database: OpenDatabase, named: string): Promise<ListedUser> {
  const users = await listUsers(database, { now: Date.now() });
  const login = named.trim().toLowerCase();
  const found = users.find((user) => user.login === login || user.id === named.trim());
  if (found) return found;
  throw new UsageError(`There is no account ${JSON.stringify(named)}. modeltrail user list says which there are.`);
}

/** Does something with the database of a command, and closes it. */
export async function withDatabase<T>(
  input: CommandInput,
  act: (database: OpenDatabase) => T | Promise<T>,
): Promise<T> {
  const database = openExisting(databasePath(input));
  try {
    return await act(database);
  } finally {
    database.close();
  }
}

/** Where browsers open a page of the dashboard, as far as the configuration says. */
export function pageUrl(input: CommandInput, path: string): string {
  try {
    const { access, server } = loadConfig(configPath(input.text('config'))).config;
    return `${access.publicUrl ?? `http://localhost:${server.port}`}${path}`;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return path;
  }
}
