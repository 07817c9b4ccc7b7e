import { existsSync } from 'node:fs';
import { pino } from 'pino';
import { type OpenDatabase, openDatabase } from '#db/client.ts';
import { DatabaseVersionError } from '#db/version.ts';
import { configPath } from '#lib/config/config-path.ts';
import { loadConfig } from '#lib/config/load.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { UsageError } from './command.ts';
import type { CommandInput } from './input.ts';

/** The database that `--database`, the environment, or the configuration names. */
export function databasePath(input: CommandInput): string {
  const named = input.text('database') ?? process.env.MODELTRAIL_DATABASE;
  return named ?? loadConfig(configPath(input.text('config'))).config.database;
}

/** Opens a database that must be there: SQLite would make one that is not. */
export function openExisting(path: string): OpenDatabase {
  if (!existsSync(path)) {
    throw new UsageError(
      `There is no database ${path}. Start Modeltrail once (npm start makes it), or name it with --database.`,
    );
  }
  try {
    return openDatabase(path);
  } catch (error) {
    if (error instanceof DatabaseVersionError) throw error;
    throw new UsageError(`${path} cannot be opened as a database: ${(error as Error).message}.`);
  }
}

/** What writing verbs are given by a command: its own output says what happened, not a log. */
export function quietContext(database: OpenDatabase): ServiceContext {
  return { database, now: Date.now, log: pino({ enabled: false }) };
}
