import { formatBytes, formatCount, formatDuration, formatPlural } from '#lib/provenance/format.ts';
import { LOG_KIND } from '#lib/provenance/log-words.ts';
import type { BackfillSummary } from '#lib/services/backfill/list.ts';
import type { LogStatus } from './status-report.ts';

type Fact = readonly [label: string, value: string];

/** Ranges and searches named; --json has more. */
const SHOWN = 8;

/** How far a log is verified: of one that is not read entry by entry, which head is proved. */
export function describeVerified({ reading, verifiedSize, observedSize }: LogStatus): string {
  const far = `${formatCount(verifiedSize)} of ${formatCount(observedSize)} observed`;
  return reading === 'index' ? `${far}, the heads alone` : far;
}

/** What a log is, what of it is covered, and what is done besides following it. */
export function describeLogFacts(log: LogStatus): Fact[] {
  return [
    ['Kind', kindOf(log)],
    ['Coverage', coverageOf(log)],
    ...log.openBackfills.slice(0, SHOWN).map((backfill): Fact => ['Search back', progressOf(backfill)]),
    ...more(log.openBackfills.length, 'search', 'searches'),
    ...(log.unsearchedRules.length > 0 ? [['Not searched', `for ${log.unsearchedRules.join(', ')}`] as const] : []),
    ['Mirror', mirrorOf(log)],
    ...(log.witnesses ? [['Witnesses', [log.witnesses.word, ...log.witnesses.names].join(', ')] as const] : []),
  ];
}

function kindOf({ api, instance, origin, treeId, finalSize }: LogStatus): string {
  return [
    LOG_KIND[api],
    ...(treeId === null ? [] : [`tree ${treeId}`]),
    ...(instance === origin ? [] : [`of ${instance}`]),
    ...(finalSize === null ? [] : [`ended with ${formatPlural(finalSize, 'entry', 'entries')}`]),
  ].join(', ');
}

function coverageOf({ reading, coverage, coverageRanges }: LogStatus): string {
  if (reading === 'index') return 'heads only; entries are found through a certificate log and the search index';
  if (coverage.length === 0) return 'none yet';
  const ranges = coverage
    .slice(0, SHOWN)
    .map(({ startIndex, endIndex }) => `${formatCount(startIndex)} to ${formatCount(endIndex - 1)}`);
  const left = coverageRanges - ranges.length;
  return [...ranges, ...(left > 0 ? [`and ${formatPlural(left, 'more range')}`] : [])].join(', ');
}

function progressOf({ startIndex, endIndex, rules, entries, total, rate, secondsLeft }: BackfillSummary): string {
  const whom = rules === null ? 'by every rule' : `for ${rules.join(', ')}`;
  const speed = rate === null ? '' : ` at ${formatCount(rate)} a second`;
  const left = secondsLeft === null ? '' : `, about ${formatDuration(secondsLeft * 1000)} left`;
  return `${formatCount(startIndex)} to ${formatCount(endIndex - 1)} ${whom}: ${formatCount(entries)} of ${formatCount(total)} read${speed}${left}`;
}

function mirrorOf({ mirror, mirrorSize, mirrorBytes, mirrorProblem }: LogStatus): string {
  if (mirror === 'matches') return 'only what a rule names is kept';
  const size = `${formatPlural(mirrorSize, 'entry', 'entries')}, ${formatBytes(mirrorBytes)}`;
  return mirrorProblem === null ? size : `${size}; it stands still: ${mirrorProblem}`;
}

function more(count: number, singular: string, plural: string): Fact[] {
  return count > SHOWN ? [['', `and ${formatPlural(count - SHOWN, `more ${singular}`, `more ${plural}`)}`]] : [];
}
