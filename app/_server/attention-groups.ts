import { formatDuration, formatPlural } from '#lib/provenance/format.ts';
import type { Part, Sentence } from '#lib/provenance/sentence.ts';
import { logState, type Tone } from '#lib/provenance/state.ts';
import type { HealthCheck } from '#lib/services/health/check.ts';
import type { EventGroup } from '#lib/services/overview/attention.ts';
import { missingCertificates, unusedCertificates } from './certificate-groups.ts';
import { eventsUrl } from './events-url.ts';
import { findings } from './finding-groups.ts';
import { isWithheld, ruleGaps, stoppedMirrors, withheldLogs } from './log-groups.ts';
import type { Situation } from './overview.ts';

/** Things of one kind that somebody should look at: what it is, how it is known, what to do now. */
export interface AttentionGroup {
  readonly key: string;
  readonly tone: Tone;
  readonly what: string;
  readonly how: string;
  readonly next: string;
  readonly items: readonly AttentionItem[];
}

export interface AttentionItem {
  readonly key: string;
  readonly about: Sentence;
  readonly at: number | null;
  readonly link: { readonly href: string; readonly text: string } | null;
}

/** All that needs attention, the worst first; empty when nothing does. */
export function attentionGroups(situation: Situation): AttentionGroup[] {
  const groups = [
    jobs(situation),
    frozenLogs(situation),
    withheldLogs(situation),
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

function frozenLogs({ logs }: Situation): AttentionGroup {
  const frozen = logs.filter(({ state }) => state === 'frozen');
  return {
    key: 'frozen',
    tone: 'broken',
    what:
      frozen.length === 1
        ? 'A log contradicted itself, and is frozen.'
        : `${frozen.length} logs contradicted themselves, and are frozen.`,
    how: 'Two statements that the log signed exclude each other.',
    next: 'Download the evidence, tell the log’s operator and other monitors, and take nothing the log says since as proven.',
    items: frozen.map((log) => ({
      key: String(log.id),
      about: [name(log.origin), `: ${log.openFaults[0]?.message ?? 'frozen'}`],
      at: log.openFaults[0]?.firstAt ?? null,
      link: { href: `/logs/${log.id}#open-faults`, text: 'Evidence' },
    })),
  };
}

function impersonations({ attention }: Situation): AttentionGroup {
  const { impersonations: groups } = attention;
  return {
    key: 'impersonations',
    tone: 'broken',
    what: `${formatPlural(groups.length, 'identity is', 'identities are')} named by certificates that prove nothing.`,
    how: 'No trusted authority stands behind the certificates, or their key did not make the signature.',
    next: 'Find out who does it. Anybody can write such an entry; nothing signed so should be trusted.',
    items: groups.map((group) => ({
      key: signerKey(group),
      about: who(group),
      at: group.latestAt,
      link: {
        href: eventsUrl({ authenticity: 'impersonation', identity: group.san, issuer: group.issuer }),
        text: formatPlural(group.count, 'entry', 'entries'),
      },
    })),
  };
}

function lookAlikes({ attention }: Situation): AttentionGroup {
  const { lookAlikes: groups } = attention;
  return {
    key: 'look-alikes',
    tone: 'broken',
    what: `${formatPlural(groups.length, 'signer has', 'signers have')} a name that looks like one that is watched.`,
    how: 'With letters that look alike made the same, and invisible ones left out, the names are equal.',
    next: 'Compare them character by character. If it is a stranger, warn those who install what you sign.',
    items: groups.map(({ rule, ...group }) => ({
      key: `${rule} ${signerKey(group)}`,
      about: [...who(group), ', by the rule ', name(rule)],
      at: group.latestAt,
      link: {
        href: eventsUrl({ rule, identity: group.san, issuer: group.issuer }),
        text: formatPlural(group.count, 'entry', 'entries'),
      },
    })),
  };
}

function unclaimed({ attention }: Situation): AttentionGroup {
  const { unclaimed: groups } = attention;
  return {
    key: 'unclaimed',
    tone: 'claimed',
    what: `${formatPlural(groups.length, 'own identity', 'own identities')} signed what nobody has shown.`,
    how: 'The certificates are genuine and the entries are in the log, but no bundle here says what was signed.',
    next: 'Ask who holds the identity, and put the bundles into a watched directory. If nobody knows of them, the identity is in other hands.',
    items: groups.map((group) => ({
      key: signerKey(group),
      about: who(group),
      at: group.latestAt,
      link: {
        href: eventsUrl({
          claim: 'unclaimed',
          authenticity: 'verified',
          own: true,
          undeclared: true,
          identity: group.san,
          issuer: group.issuer,
        }),
        text: formatPlural(group.count, 'signing'),
      },
    })),
  };
}

function unexpected({ attention }: Situation): AttentionGroup {
  const { unexpected: groups } = attention;
  return {
    key: 'unexpected',
    tone: 'broken',
    what: `${formatPlural(groups.length, 'own identity', 'own identities')} signed what nobody had declared.`,
    how: 'The certificates are genuine and the entries are in the log, but no declared signing accounts for them.',
    next: 'Ask who holds the identity. If the signing was meant, declare it (modeltrail expect); if nobody knows of it, the identity is in other hands.',
    items: groups.map((group) => ({
      key: signerKey(group),
      about: who(group),
      at: group.latestAt,
      link: {
        href: eventsUrl({
          authenticity: 'verified',
          own: true,
          undeclared: true,
          identity: group.san,
          issuer: group.issuer,
        }),
        text: formatPlural(group.count, 'signing'),
      },
    })),
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

function silentLogs({ logs, configuration: { poll }, now }: Situation): AttentionGroup {
  const silent = logs.filter((log) => {
    if (log.state !== 'following' || isWithheld(log)) return false;
    const { word } = logState({ ...log, openFaults: log.openFaults.length, poll }, now);
    return word === 'Failing' || word === 'Stale' || word === 'Never reached';
  });
  return {
    key: 'silent',
    tone: 'unknown',
    what: `${formatPlural(silent.length, 'log gives', 'logs give')} no good answer: what was signed since is not known here.`,
    how: 'Each is asked again by itself.',
    next: 'Nothing, if it passes. Otherwise check the network, and the address of the log.',
    items: silent.map((log) => {
      const [fault] = log.openFaults;
      const since = log.lastSuccessAt === null ? 'none ever' : `none for ${formatDuration(now - log.lastSuccessAt)}`;
      return {
        key: String(log.id),
        about: [
          name(log.origin),
          fault
            ? `: ${fault.message} ${formatPlural(fault.count, 'time')}; good answers: ${since}.`
            : `: good answers: ${since}.`,
        ],
        at: fault?.lastAt ?? log.lastSuccessAt,
        link: { href: `/logs/${log.id}`, text: 'The log' },
      };
    }),
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

/** What health found besides the groups above: each thing is said once. */
function otherHealth(situation: Situation): AttentionGroup {
  const { health, logs } = situation;
  const shown = new Set<string | null>(
    [frozenLogs, silentLogs, withheldLogs].flatMap((group) => group(situation).items).map(({ key }) => key),
  );
  const origins = new Map(logs.map(({ id, origin }) => [origin, String(id)]));
  const idOf = (check: HealthCheck) => (check.subject === null ? null : (origins.get(check.subject) ?? null));
  const found = health.checks.filter((check) => {
    if (check.state === 'ok' || TOLD.has(check.name)) return false;
    return check.name !== 'log' || (check.subject !== null && !shown.has(idOf(check)));
  });
  const isFailing = found.some(({ state }) => state === 'failing');
  return {
    key: 'health',
    tone: isFailing ? 'broken' : 'unknown',
    what: isFailing ? 'Something that must work does not.' : 'Something does not work as it should.',
    how: 'Found by the checks that /healthz makes.',
    next: 'Each says what to do.',
    items: found.map((check) => {
      const log = idOf(check);
      return {
        key: `${check.name} ${check.subject ?? ''}`,
        about: [check.mend === null ? check.what : `${check.what} ${check.mend}`],
        at: check.since,
        link: log === null ? null : { href: `/logs/${log}`, text: 'The log' },
      };
    }),
  };
}

/** Checks that have a group of their own. */
const TOLD: ReadonlySet<HealthCheck['name']> = new Set(['jobs', 'configuration', 'source']);

/** An identity and its issuer. */
export function who({ san, issuer }: Pick<EventGroup, 'san' | 'issuer'>): Sentence {
  if (san === null) return ['certificates without an identity'];
  const signer: Part = { kind: 'identity', value: san };
  return issuer === null ? [signer] : [signer, ' through ', { kind: 'issuer', value: issuer }];
}

export function signerKey({ san, issuer }: Pick<EventGroup, 'san' | 'issuer'>): string {
  return JSON.stringify([san, issuer]);
}

function name(value: string): Part {
  return { kind: 'name', value };
}
