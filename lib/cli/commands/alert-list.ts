import { ALERT_KINDS, ALERT_SEVERITIES } from '#lib/provenance/alert-kind.ts';
import { ALERT, ALERT_STATE, SEVERITY } from '#lib/provenance/alert-words.ts';
import { formatUtc } from '#lib/provenance/format.ts';
import { type ListedAlert, listAlerts } from '#lib/services/alert/list.ts';
import { type CliCommand, EXIT, UsageError } from '../command.ts';
import { databasePath, openExisting } from '../database.ts';
import { print, printFacts, printJson } from '../output.ts';

const STATES = ['open', 'new', 'acknowledged', 'muted', 'resolved', 'all'] as const;
const MOST = 200;

export const alertList: CliCommand = {
  options: [
    { flags: '--state <state>', description: `${STATES.join(', ')}; open ones if not said` },
    { flags: '--kind <kind>', description: 'Of this kind alone' },
    { flags: '--severity <severity>', description: `At least ${ALERT_SEVERITIES.join(', ')}` },
    { flags: '--config <file>', description: 'Configuration that names the database' },
    { flags: '--database <file>', description: 'The database itself; then no configuration is read' },
    { flags: '--json', description: 'Print one JSON object' },
  ],
  examples: ['modeltrail alert list', 'modeltrail alert list --severity high --json'],
  exitCodes: {
    0: 'listed; none matches',
    1: `listed; there are some, of which at most ${MOST} are shown`,
    2: 'no answer: wrong arguments, or no database',
  },
  async run(input) {
    const state = oneOf(STATES, input.text('state'), 'state') ?? 'open';
    const kind = oneOf(ALERT_KINDS, input.text('kind'), 'kind');
    const severity = oneOf(ALERT_SEVERITIES, input.text('severity'), 'severity');
    const database = openExisting(databasePath(input));
    try {
      const filter = { ...(state === 'all' ? {} : { state }), kind, severity };
      const { alerts } = await listAlerts(database, { filter, limit: MOST });
      if (input.flag('json')) printJson({ alerts });
      else report(alerts);
      return alerts.length === 0 ? EXIT.good : EXIT.bad;
    } finally {
      database.close();
    }
  },
};

function report(alerts: readonly ListedAlert[]): void {
  if (alerts.length === 0) print('There is no such alert.');
  for (const { id, kind, severity, state, title, count, lastAt, mutedUntil } of alerts) {
    print(`${id}  ${SEVERITY[severity].word}: ${title}`);
    const until = mutedUntil === null ? '' : ` until ${formatUtc(mutedUntil)}`;
    printFacts(
      [
        ['Kind', ALERT[kind].word],
        ['State', `${ALERT_STATE[state].word}${until}`],
        ['Raised', `${count === 1 ? '' : `${count} times, last `}${formatUtc(lastAt)}`],
        ['What now', ALERT[kind].next],
      ],
      '  ',
    );
  }
}

function oneOf<Word extends string>(words: readonly Word[], given: string | undefined, name: string): Word | undefined {
  const found = words.find((word) => word === given);
  if (given === undefined || found !== undefined) return found;
  throw new UsageError(`There is no ${name} ${JSON.stringify(given)}. There are: ${words.join(', ')}.`);
}
