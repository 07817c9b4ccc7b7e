import type { OpenDatabase } from '#db/client.ts';
import { ScopeError } from '#lib/provenance/read-scope.ts';
import type { Actor } from '#lib/services/access/actor.ts';
import { getIncident, type IncidentDetail } from '#lib/services/incident/get.ts';
import { IncidentError } from '#lib/services/incident/incident-error.ts';
import { type CliCommand, EXIT, type ExitCode, UsageError } from './command.ts';
import { databasePath, openExisting } from './database.ts';
import type { CommandInput } from './input.ts';
import { printError } from './output.ts';

/** Of every command about incidents. */
export const INCIDENT_OPTIONS: CliCommand['options'] = [
  { flags: '--config <file>', description: 'Configuration that names the database' },
  { flags: '--database <file>', description: 'The database itself; then no configuration is read' },
  { flags: '--json', description: 'Print one JSON object' },
];

export const INCIDENT_EXIT_CODES = {
  0: 'done',
  1: 'refused; the message says why, and nothing was changed',
  2: 'no answer: wrong arguments, or no such incident or database',
} as const;

export const COMMAND_LINE: Actor = { kind: 'command-line' };

/** Opens the database for one command, and says what a service refuses. */
export async function withIncidents(
  input: CommandInput,
  act: (database: OpenDatabase) => Promise<ExitCode> | ExitCode,
): Promise<ExitCode> {
  const database = openExisting(databasePath(input));
  try {
    return await act(database);
  } catch (error) {
    if (error instanceof IncidentError && error.code === 'unknown') throw new UsageError(error.message);
    if (error instanceof ScopeError) throw new UsageError(error.message);
    if (!(error instanceof IncidentError)) throw error;
    printError(error.message);
    return EXIT.bad;
  } finally {
    database.close();
  }
}

/** The incident that the first argument names, by number or id. @throws {UsageError} */
export async function requireIncident(database: OpenDatabase, input: CommandInput): Promise<IncidentDetail> {
  const name = input.positional(0) ?? '';
  const found = await getIncident(database, name);
  if (!found) throw new UsageError(`There is no incident ${name}. modeltrail incident list lists them.`);
  return found;
}
