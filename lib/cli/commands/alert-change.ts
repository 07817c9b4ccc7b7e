import { parseDuration } from '#lib/config/duration.ts';
import { formatPlural, formatUtc } from '#lib/provenance/format.ts';
import { acknowledgeAlerts } from '#lib/services/alert/acknowledge.ts';
import { type AlertChange, AlertChangeError, UnknownAlertError } from '#lib/services/alert/change.ts';
import { muteAlerts } from '#lib/services/alert/mute.ts';
import { resolveAlerts } from '#lib/services/alert/resolve.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { type CliCommand, EXIT, UsageError } from '../command.ts';
import { databasePath, openExisting, quietContext } from '../database.ts';
import type { CommandInput } from '../input.ts';
import { print } from '../output.ts';

const OPTIONS = [
  { flags: '--note <text>', description: 'Why; kept in the audit trail' },
  { flags: '--config <file>', description: 'Configuration that names the database' },
  { flags: '--database <file>', description: 'The database itself; then no configuration is read' },
] as const;

export const alertAcknowledge: CliCommand = {
  options: OPTIONS,
  examples: ['modeltrail alert acknowledge alr_0f2c… --note "the release of 1.2.0, asked the team"'],
  exitCodes: exitCodes('acknowledged'),
  run: (input) => change(input, 'acknowledged', acknowledgeAlerts),
};

export const alertResolve: CliCommand = {
  options: OPTIONS,
  examples: ['modeltrail alert resolve alr_0f2c… --note "it was our own test"'],
  exitCodes: exitCodes('resolved'),
  run: (input) => change(input, 'resolved', resolveAlerts),
};

export const alertMute: CliCommand = {
  options: [{ flags: '--for <duration>', description: 'For how long, such as 8h; at most a year' }, ...OPTIONS],
  examples: ['modeltrail alert mute alr_0f2c… --for 72h --note "the log is moved this weekend"'],
  exitCodes: exitCodes('muted'),
  run(input) {
    const text = input.text('for') ?? '';
    const length = parseDuration(text);
    if (length === null) throw new UsageError('Say for how long: --for 30m, --for 8h, --for 72h.');
    const until = Date.now() + length;
    return change(input, `muted until ${formatUtc(until)}`, (ctx, wanted) => muteAlerts(ctx, { ...wanted, until }));
  },
};

function exitCodes(word: string): CliCommand['exitCodes'] {
  return {
    0: word,
    1: 'nothing to change: they are so already',
    2: 'no answer: no such alert, wrong arguments, or no database',
  };
}

function change(input: CommandInput, word: string, act: (ctx: ServiceContext, change: AlertChange) => number): number {
  const ids = input.positionals();
  const database = openExisting(databasePath(input));
  try {
    const changed = act(quietContext(database), { ids, actor: { kind: 'command-line' }, note: input.text('note') });
    print(changed === 0 ? 'Nothing to change: they are so already.' : `${formatPlural(changed, 'alert')} ${word}.`);
    return changed === 0 ? EXIT.bad : EXIT.good;
  } catch (error) {
    if (error instanceof UnknownAlertError || error instanceof AlertChangeError) throw new UsageError(error.message);
    throw error;
  } finally {
    database.close();
  }
}
