import { pino } from 'pino';
import { formatBytes, formatCount, formatPlural } from '#lib/provenance/format.ts';
import { roughBytes } from '#lib/provenance/log-words.ts';
import { askHistory } from '#lib/services/backfill/ask-history.ts';
import { askRuleSearch } from '#lib/services/backfill/ask-rule-search.ts';
import { BackfillRefusedError } from '#lib/services/backfill/backfill-refused.ts';
import { listOpenBackfills } from '#lib/services/backfill/list.ts';
import { stopBackfill } from '#lib/services/backfill/stop.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { findLog, UnknownLogError } from '#lib/services/log/position.ts';
import { countIndices } from '#lib/services/rule/ranges.ts';
import { type CliCommand, EXIT, UsageError } from '../command.ts';
import { databasePath, openExisting } from '../database.ts';
import { print } from '../output.ts';

export const logSearchBack: CliCommand = {
  options: [
    {
      flags: '--rule <name>',
      description: 'Search what this watch rule has not seen, instead of the past; may be given more than once',
    },
    { flags: '--stop', description: 'Stop the searches that are under way, or those for the rules given' },
    { flags: '--config <file>', description: 'Configuration that names the database' },
    { flags: '--database <file>', description: 'The database itself; then no configuration is read' },
  ],
  examples: [
    'modeltrail log search-back rekor.models.example',
    'modeltrail log search-back rekor.models.example --rule "Release bot"',
    'modeltrail log search-back rekor.models.example --stop',
  ],
  exitCodes: {
    0: 'asked for, or stopped: the jobs take it up within seconds',
    1: 'there is nothing to search or to stop, or nothing is read from the log; the message says why',
    2: 'no answer: wrong arguments, or no such log or database',
  },
  async run(input) {
    const origin = input.positional(0) ?? '';
    const rules = input.texts('rule');
    const database = openExisting(databasePath(input));
    const ctx = { database, now: Date.now, log: pino({ enabled: false }) };
    try {
      const { id } = findLog(database.db, origin);
      print(input.flag('stop') ? stop(ctx, id, rules) : await ask(ctx, id, rules));
      return EXIT.good;
    } catch (error) {
      if (error instanceof UnknownLogError) throw new UsageError(error.message);
      if (!(error instanceof BackfillRefusedError)) throw error;
      print(error.message);
      return EXIT.bad;
    } finally {
      database.close();
    }
  },
};

async function ask(ctx: ServiceContext, logId: number, rules: readonly string[]): Promise<string> {
  const opened = rules.length > 0 ? await askRuleSearch(ctx, { logId, rules: [...rules] }) : askHistory(ctx, { logId });
  const entries = opened.reduce((sum, range) => sum + countIndices([range]), 0);
  const cost = `about ${formatBytes(roughBytes(entries))} unless a mirror has them`;
  return `${formatPlural(entries, 'entry is', 'entries are')} searched from now on, ${cost}. modeltrail log list says how far it is.`;
}

/** @throws {BackfillRefusedError} where none is open. */
function stop(ctx: ServiceContext, logId: number, rules: readonly string[]): string {
  const isMeant = (names: readonly string[] | null) =>
    rules.length === 0 || (names?.some((name) => rules.includes(name)) ?? false);
  const open = listOpenBackfills(ctx.database, logId).filter((backfill) => isMeant(backfill.rules));
  if (open.length === 0) throw new BackfillRefusedError('No such search is under way.');
  for (const { id } of open) stopBackfill(ctx, { logId, id });
  const read = open.reduce((sum, { entries }) => sum + entries, 0);
  return `${formatPlural(open.length, 'search', 'searches')} stopped; the ${formatCount(read)} entries that were read stay covered.`;
}
