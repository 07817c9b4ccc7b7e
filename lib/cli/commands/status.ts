import { formatAge, formatCount, formatPlural, formatUtc } from '#lib/provenance/format.ts';
import { type CliCommand, EXIT } from '../command.ts';
import { databasePath, openExisting } from '../database.ts';
import { describeLogFacts, describeVerified } from '../describe-log.ts';
import { print, printFacts, printJson } from '../output.ts';
import { type LogStatus, reportStatus, type StatusReport } from '../status-report.ts';

type Fact = readonly [label: string, value: string];

/** Refused files shown; --json has up to 500. */
const SHOWN = 20;

export const status: CliCommand = {
  options: [
    { flags: '--config <file>', description: 'Configuration that names the database' },
    { flags: '--database <file>', description: 'The database itself; then no configuration is read' },
    { flags: '--json', description: 'Print one JSON object' },
  ],
  examples: ['modeltrail status', 'modeltrail status --json --database /var/lib/modeltrail/modeltrail.db'],
  exitCodes: {
    0: 'all is well: jobs run, configuration in force, every followed log answers',
    1: 'something keeps Modeltrail from seeing all that it should; the first lines say what',
    2: 'no answer: wrong arguments, or no database that can be read',
  },
  async run(input) {
    const path = databasePath(input);
    const database = openExisting(path);
    try {
      const report = await reportStatus(database, Date.now());
      if (input.flag('json')) printJson({ database: path, ...report });
      else printReport(path, report);
      return report.problems.length === 0 ? EXIT.good : EXIT.bad;
    } finally {
      database.close();
    }
  },
};

function printReport(path: string, { at, problems, ...report }: StatusReport): void {
  if (problems.length > 0) print('Needs attention:', ...problems.map((problem) => `  ${problem}`), '');
  printFacts([['Database', path], ...configurationFacts(report.configuration), jobsFact(report.jobs, at)]);
  for (const log of report.logs) {
    print('', `${log.origin}: ${log.word}`);
    printFacts(logFacts(log, at), '  ');
  }
  print('');
  printFacts([...countFacts(report.counts), ...bundleFacts(report.bundles)]);
}

function configurationFacts({ path, inForceSince, refused, trust }: StatusReport['configuration']): Fact[] {
  const loaded = trust?.loadedAt ? `, loaded ${formatUtc(trust.loadedAt)}` : '';
  return [
    ['Configuration', inForceSince === null ? 'none yet' : `${path}, in force since ${formatUtc(inForceSince)}`],
    ...(refused ? refused.message.split('\n').map((line, i): Fact => [i === 0 ? 'Refused' : '', line]) : []),
    ['Trust root', trust ? `${trust.source}, sha256:${trust.sha256}${loaded}` : 'none yet'],
  ];
}

function jobsFact({ isRunning, lastSeenAt }: StatusReport['jobs'], now: number): Fact {
  if (isRunning) return ['Jobs', 'running'];
  return ['Jobs', `not running${lastSeenAt === null ? '' : `, last seen ${formatAge(lastSeenAt, now)}`}`];
}

function logFacts(log: LogStatus, now: number): Fact[] {
  const success =
    log.lastSuccessAt === null ? 'never' : `${formatUtc(log.lastSuccessAt)} (${formatAge(log.lastSuccessAt, now)})`;
  return [
    ['State', `${log.state}: ${log.meaning}`],
    ['Verified', describeVerified(log)],
    ['Backlog', formatPlural(log.backlog, 'entry', 'entries')],
    ...describeLogFacts(log),
    ['Last success', success],
    ...log.openFaults.map(
      ({ code, severity, count, lastAt, message }): Fact => [
        'Open fault',
        `${code} (${severity}), ${formatPlural(count, 'time')}, last ${formatUtc(lastAt)}: ${message}`,
      ],
    ),
  ];
}

function countFacts({ events, undecided, models, versions, byClaim, byAuthenticity }: StatusReport['counts']): Fact[] {
  return [
    ['Models', `${formatCount(models)}, ${formatPlural(versions, 'version')}`],
    ['Events', formatCount(events)],
    ['  by claim', describeCounts(byClaim)],
    ['  by authenticity', describeCounts(byAuthenticity)],
    ['Undecided entries', formatCount(undecided)],
  ];
}

function describeCounts(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${formatCount(count)} ${name}`)
    .join(', ');
}

function bundleFacts({ accepted, refused, refusedFiles }: StatusReport['bundles']): Fact[] {
  const shown = refusedFiles.slice(0, SHOWN);
  const left = refused - shown.length;
  return [
    ['Bundle files', `${formatCount(accepted)} accepted, ${formatCount(refused)} refused`],
    ...shown.map(
      ({ source, path, reasonCode, reason }): Fact => ['  refused', `${source}: ${path}: ${reasonCode}: ${reason}`],
    ),
    ...(left > 0 ? [['', `and ${formatCount(left)} more`] as const] : []),
  ];
}
