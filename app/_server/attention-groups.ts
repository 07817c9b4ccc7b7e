import { formatDuration, formatPlural } from '#lib/provenance/format.ts';
import { type AttentionGroup, name } from './attention-group.ts';
import { missingCertificates, unusedCertificates } from './certificate-groups.ts';
import { eventsUrl } from './events-url.ts';
import { findings } from './finding-groups.ts';
import { otherHealth } from './health-group.ts';
import { incidentsUnderWay } from './incident-groups.ts';
import { frozenLogs, ruleGaps, silentLogs, stoppedMirrors, withheldLogs } from './log-groups.ts';
import type { Situation } from './overview.ts';
import { impersonations, lookAlikes, unclaimed, unexpected } from './signer-groups.ts';

/** All that needs attention, the worst first; empty when nothing does. */
export function attentionGroups(situation: Situation): AttentionGroup[] {
  const groups = [
    jobs(situation),
    frozenLogs(situation),
    withheldLogs(situation),
    incidentsUnderWay(situation),
    impersonations(situation),
    missingCertificates(situation),
    unusedCertificates(situation),
    lookAlikes(situation),
    ...findings(situation),
    unexpected(situation),
    unclaimed(situation),
    undecided(situation),
    configuration(situation),
    silentLogs(situation),
    ruleGaps(situation),
    stoppedMirrors(situation),
    failingSources(situation),
    refusedFiles(situation),
    otherHealth(situation),
  ];
  return groups.filter(({ items }) => items.length > 0);
}

/** How many things that is. */
export function countAttention(groups: readonly AttentionGroup[]): number {
  return groups.reduce((sum, { items }) => sum + items.length, 0);
}

function jobs({ health, now }: Situation): AttentionGroup {
  const { lastSeenAt, isRunning } = health.jobs;
  const about =
    lastSeenAt === null
      ? 'No job has ever run on this database.'
      : `The last sign of one was ${formatDuration(now - lastSeenAt)} ago.`;
  return {
    key: 'jobs',
    tone: 'broken',
    what: 'The jobs are not running: no log is being read.',
    how: 'None of them holds its lease in the database.',
    next: 'Start them with npm start, and read the log file of the jobs if they end again.',
    items: isRunning ? [] : [{ key: 'jobs', about: [about], at: lastSeenAt, link: null }],
  };
}

function undecided({ attention }: Situation): AttentionGroup {
  const { undecided: groups } = attention;
  return {
    key: 'undecided',
    tone: 'unknown',
    what: 'Entries that cannot be read hold a string that is watched for.',
    how: 'They are of a kind or form that this version does not know; the string stands in their bytes.',
    next: 'Look at the bytes. A newer Modeltrail tries such entries again by itself.',
    items: groups.map(({ rule, value, count, latestAt }) => ({
      key: `${rule} ${value}`,
      about: [{ kind: 'identity', value }, ', by the rule ', name(rule)],
      at: latestAt,
      link: { href: eventsUrl({ undecided: true, rule }), text: formatPlural(count, 'entry', 'entries') },
    })),
  };
}

function failingSources({ attention }: Situation): AttentionGroup {
  return {
    key: 'sources',
    tone: 'unknown',
    what: 'Sources cannot be read: what is published there since is not known here.',
    how: 'Each is tried again by itself, at growing intervals.',
    next: 'Nothing, if it passes. Otherwise check the address, the network and the credentials.',
    items: attention.failingSources.map((source) => ({
      key: source.name,
      about: [name(source.name), `: ${source.error}`],
      at: source.at,
      link: { href: '/sources', text: 'Sources' },
    })),
  };
}

function configuration({ configuration: { refused } }: Situation): AttentionGroup {
  return {
    key: 'configuration',
    tone: 'broken',
    what: 'The latest change of the configuration was refused.',
    how: 'The one before it stays in force.',
    next: 'Mend the file: it is taken up again as soon as it is saved.',
    items: refused ? [{ key: 'refused', about: [refused.message], at: refused.at, link: null }] : [],
  };
}

function refusedFiles({ attention }: Situation): AttentionGroup {
  const { refusedFiles: groups } = attention;
  const files = groups.reduce((sum, { count }) => sum + count, 0);
  return {
    key: 'files',
    tone: 'unknown',
    what: `${formatPlural(files, 'file', 'files')} in the watched directories ${files === 1 ? 'was' : 'were'} refused.`,
    how: 'They are no bundles, or do not verify against the trust root in force.',
    next: 'Replace or remove them. A file is looked at again when it changes.',
    items: groups.map(({ code, reason, count, latestAt }) => ({
      key: code,
      about: [name(code), `: ${reason}`],
      at: latestAt,
      link: { href: '/sources?outcome=refused', text: formatPlural(count, 'file') },
    })),
  };
}
