import { ExportError } from '#lib/incident-archive/export-error.ts';
import { writeArchive } from '#lib/incident-archive/write-archive.ts';
import { ZipError } from '#lib/incident-archive/zip-error.ts';
import { formatPlural } from '#lib/provenance/format.ts';
import { collectArchive } from '#lib/services/incident-archive/collect.ts';
import { type CliCommand, EXIT, UsageError } from '../command.ts';
import { databasePath, openExisting } from '../database.ts';
import { print, printJson } from '../output.ts';
import { writeFileWhole } from '../write-file.ts';

export const incidentExport: CliCommand = {
  options: [
    {
      flags: '--output <file>',
      description: 'The archive to write; one that is there is replaced once the new one is whole',
    },
    { flags: '--config <file>', description: 'Configuration that names the database' },
    { flags: '--database <file>', description: 'The database itself; then no configuration is read' },
    { flags: '--json', description: 'Print one JSON object' },
  ],
  examples: [
    'modeltrail incident export 7 --output incident-7.zip',
    'modeltrail incident export inc_3f0c… --output incident.zip --database data/modeltrail.db',
  ],
  exitCodes: {
    0: 'exported: the archive is whole',
    1: 'no such incident is known; nothing is written',
    2: 'no answer: wrong arguments, a file that cannot be written, no database, or an archive that would not verify',
  },
  async run(input) {
    const [id, output] = [input.positional(0) ?? '', input.text('output')];
    if (id === '') throw new UsageError('Name an incident by its id or number.');
    if (output === undefined) throw new UsageError('Say where the archive goes: --output FILE.');
    const database = openExisting(databasePath(input));
    try {
      const contents = await collectArchive(database, { id, now: Date.now() });
      if (!contents) {
        const reason = `No incident ${id} is known here.`;
        if (input.flag('json')) printJson({ outcome: 'unknown', reason });
        else print(reason);
        return EXIT.bad;
      }
      await writeFileWhole(
        output,
        begin(() => writeArchive(contents)),
        'archive',
      );
      const { incident, affected, bundles, events } = contents;
      const counts = { affected: affected.affected.length, bundles: bundles.length, events: events.length };
      if (input.flag('json')) printJson({ outcome: 'exported', file: output, incident: incident.id, ...counts });
      else {
        const what = `${formatPlural(counts.affected, 'affected artifact')}, ${formatPlural(counts.bundles, 'bundle')} and ${formatPlural(counts.events, 'event')}`;
        print(
          `Incident #${incident.number}: ${what} in ${output}.`,
          `Verify it with: modeltrail incident verify ${output}`,
        );
      }
      return EXIT.good;
    } finally {
      database.close();
    }
  },
};

function begin<T>(write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (error instanceof ZipError) throw new UsageError(`${error.message}.`);
    if (error instanceof ExportError) throw new UsageError(error.message);
    throw error;
  }
}
