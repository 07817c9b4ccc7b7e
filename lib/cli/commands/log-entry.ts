import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDecimal } from '#lib/tlog/size.ts';
import { type CliCommand, EXIT, UsageError } from '../command.ts';
import { databasePath, openExisting } from '../database.ts';
import { printJson } from '../output.ts';
import { readStoredEntry, type StoredEntry } from '../stored-entry.ts';
import { writeFileWhole } from '../write-file.ts';

export const logEntry: CliCommand = {
  options: [
    { flags: '--save <folder>', description: 'Write the entry, its proof and the checkpoint into this folder as well' },
    { flags: '--config <file>', description: 'Configuration that names the database' },
    { flags: '--database <file>', description: 'The database itself; then no configuration is read' },
  ],
  examples: [
    'modeltrail log entry rekor.models.example 1042',
    'modeltrail log entry rekor.models.example 1042 --save evidence',
  ],
  exitCodes: {
    0: 'verified again: the log, by the key that this database has of it, signed a tree with this entry',
    1: 'refused: the proof does not hold, or is not kept',
    2: 'no answer: wrong arguments, no such entry kept, or no database that can be read',
  },
  async run(input) {
    const [origin, typed] = [input.positional(0) ?? '', input.positional(1) ?? ''];
    const index = parseDecimal(typed);
    if (index === undefined) throw new UsageError(`${JSON.stringify(typed)} is no index. Write a decimal number.`);
    const database = openExisting(databasePath(input));
    try {
      const stored = await readStoredEntry(database, { origin, index });
      if (!stored) {
        throw new UsageError(
          `No entry ${index} of ${origin} is kept here. Only what a rule meets or a bundle names is; modeltrail log list names the logs.`,
        );
      }
      const folder = input.text('save');
      const files = folder === undefined ? [] : await save(folder, stored);
      const { entry, ...facts } = stored;
      printJson({ ...facts, entry: entry && Buffer.from(entry).toString('base64'), files });
      return stored.outcome === 'verified' ? EXIT.good : EXIT.bad;
    } finally {
      database.close();
    }
  },
};

/** Under the names that the event's page gives them. @returns their paths. */
async function save(folder: string, { eventId, entry, proof, checkpoint }: StoredEntry): Promise<string[]> {
  await mkdir(folder, { recursive: true }).catch((error: Error) => {
    throw new UsageError(`The folder ${folder} cannot be made: ${error.message}.`);
  });
  const files = [
    { name: `${eventId}.entry`, content: entry },
    { name: `${eventId}.tlog-proof`, content: proof },
    { name: `${eventId}.checkpoint`, content: checkpoint },
  ];
  const written: string[] = [];
  for (const { name, content } of files) {
    if (content === null) continue;
    const path = join(folder, name);
    await writeFileWhole(path, content, 'file');
    written.push(path);
  }
  return written;
}
