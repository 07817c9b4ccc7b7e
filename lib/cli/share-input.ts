import { namesOfParts, partsOf, SHARED_PARTS, type SharedParts, USUAL_PARTS } from '#lib/provenance/shared-parts.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { SharingError } from '#lib/services/sharing/sharing-error.ts';
import { type CliCommand, EXIT, type ExitCode, UsageError } from './command.ts';
import { databasePath, openExisting, quietContext } from './database.ts';
import type { CommandInput } from './input.ts';
import { print } from './output.ts';

export const DATABASE_OPTIONS: CliCommand['options'] = [
  { flags: '--config <file>', description: 'Configuration that names the database' },
  { flags: '--database <file>', description: 'The database itself; then no configuration is read' },
];

export const SHOWN_OPTIONS: CliCommand['options'] = [
  {
    flags: '--model-version <version>',
    description: 'One version by label, root or id; the newest, always, if not said',
  },
  {
    flags: '--show <list>',
    description: `What the page shows, with commas: ${SHARED_PARTS.join(', ')}; or nothing; ${namesOfParts(USUAL_PARTS).join(',')} if not said`,
  },
];

/** The parts that `--show` names. @throws {UsageError} for parts that there are not. */
export function readShown(input: CommandInput): SharedParts {
  const text = input.text('show');
  if (text === undefined) return USUAL_PARTS;
  if (text.trim() === 'nothing') return partsOf([]);
  const parts = text.split(',').map((name) => {
    const part = SHARED_PARTS.find((known) => known === name.trim());
    if (part) return part;
    throw new UsageError(`There is no part ${JSON.stringify(name.trim())}. There are: ${SHARED_PARTS.join(', ')}.`);
  });
  return partsOf(parts);
}

/** Does something about sharing on the database that is named; what cannot be done is printed, and ends with 1. */
export function withSharing(input: CommandInput, act: (ctx: ServiceContext) => void): ExitCode {
  const database = openExisting(databasePath(input));
  try {
    act(quietContext(database));
    return EXIT.good;
  } catch (error) {
    if (!(error instanceof SharingError)) throw error;
    print(error.message);
    return EXIT.bad;
  } finally {
    database.close();
  }
}
