import { pino } from 'pino';
import { UnknownLogError } from '#lib/services/log/position.ts';
import { NotFrozenError, thawLog } from '#lib/services/log/thaw.ts';
import { type CliCommand, EXIT, UsageError } from '../command.ts';
import { databasePath, openExisting } from '../database.ts';
import { print } from '../output.ts';

export const logThaw: CliCommand = {
  options: [
    { flags: '--reason <text>', description: 'Why it may be followed again; kept with the fault' },
    { flags: '--config <file>', description: 'Configuration that names the database' },
    { flags: '--database <file>', description: 'The database itself; then no configuration is read' },
  ],
  examples: ['modeltrail log thaw rekor.models.example --reason "the operator restored the tree of 22 November"'],
  exitCodes: {
    0: 'the log is followed again, from where it was verified last',
    1: 'the log is not frozen',
    2: 'no answer: wrong arguments, or no such log or database',
  },
  async run(input) {
    const origin = input.positional(0) ?? '';
    const reason = input.text('reason')?.trim();
    if (!reason)
      throw new UsageError('Say why the log may be followed again: --reason "…". It is kept with the fault.');
    const database = openExisting(databasePath(input));
    try {
      thawLog({ database, now: Date.now, log: pino({ enabled: false }) }, origin, reason);
      print(`${origin} is followed again. Its evidence and its checkpoints are kept.`);
      return EXIT.good;
    } catch (error) {
      if (error instanceof UnknownLogError) throw new UsageError(error.message);
      if (!(error instanceof NotFrozenError)) throw error;
      print(error.message);
      return EXIT.bad;
    } finally {
      database.close();
    }
  },
};
