import { formatAge } from '#lib/provenance/format.ts';
import { type CliCommand, EXIT } from '../command.ts';
import { databasePath, openExisting } from '../database.ts';
import { describeLogFacts, describeVerified } from '../describe-log.ts';
import { print, printFacts, printJson } from '../output.ts';
import { type LogStatus, reportStatus } from '../status-report.ts';

export const logList: CliCommand = {
  options: [
    { flags: '--config <file>', description: 'Configuration that names the database' },
    { flags: '--database <file>', description: 'The database itself; then no configuration is read' },
    { flags: '--json', description: 'Print one JSON array' },
  ],
  examples: ['modeltrail log list', 'modeltrail log list --json --database /var/lib/modeltrail/modeltrail.db'],
  exitCodes: {
    0: 'the logs are listed, in whatever state they are; none, too',
    2: 'no answer: wrong arguments, or no database that can be read',
  },
  async run(input) {
    const database = openExisting(databasePath(input));
    try {
      const now = Date.now();
      const { logs } = await reportStatus(database, now);
      if (input.flag('json')) printJson(logs);
      else report(logs, now);
      return EXIT.good;
    } finally {
      database.close();
    }
  },
};

function report(logs: readonly LogStatus[], now: number): void {
  if (logs.length === 0) print('No log is known yet.');
  for (const log of logs) {
    const { origin, word, meaning, readUrl, lastSuccessAt } = log;
    print(`${origin}: ${word}`);
    const answered = lastSuccessAt === null ? 'never' : formatAge(lastSuccessAt, now);
    printFacts(
      [
        ['State', meaning],
        ['Verified', describeVerified(log)],
        ...describeLogFacts(log),
        ['Last success', answered],
        ['Read from', readUrl],
      ],
      '  ',
    );
  }
}
