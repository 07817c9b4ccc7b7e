import { formatDuration, formatPlural } from '#lib/provenance/format.ts';
import { logState } from '#lib/provenance/state.ts';
import type { LogSummary } from '#lib/services/log/list.ts';
import { type AttentionGroup, name } from './attention-group.ts';
import type { Situation } from './overview.ts';

/** Whether a log signed for others what it does not show us. */
export function isWithheld({ state, openFaults }: LogSummary): boolean {
  return state === 'following' && openFaults.some(({ code }) => code === 'withheld');
}

/** Logs that contradicted themselves. */
export function frozenLogs({ logs }: Situation): AttentionGroup {
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

/** Logs that give no good answer. */
export function silentLogs({ logs, configuration: { poll }, now }: Situation): AttentionGroup {
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

/** Logs that keep something from us, or whose caches do. */
export function withheldLogs({ logs }: Situation): AttentionGroup {
  const withheld = logs.filter(isWithheld);
  return {
    key: 'withheld',
    tone: 'broken',
    what:
      withheld.length === 1
        ? 'A log signed for others a tree that it does not show us.'
        : `${withheld.length} logs signed for others trees that they do not show us.`,
    how: 'A larger head with a good signature reached us by another way more than an hour ago.',
    next: 'Look at the log from another network, and ask its operator. A cache may be stale; a log may also show different people different things.',
    items: withheld.map((log) => {
      const fault = log.openFaults.find(({ code }) => code === 'withheld');
      return {
        key: String(log.id),
        about: [name(log.origin), `: ${fault?.message ?? ''}`],
        at: fault?.firstAt ?? null,
        link: { href: `/logs/${log.id}#open-faults`, text: 'Evidence' },
      };
    }),
  };
}

/** Mirrors that do not grow until somebody has done something. */
export function stoppedMirrors({ logs }: Situation): AttentionGroup {
  const stopped = logs.filter(({ state, mirrorProblem }) => state === 'following' && mirrorProblem !== null);
  return {
    key: 'mirrors',
    tone: 'unknown',
    what: `${formatPlural(stopped.length, 'mirror stands', 'mirrors stand')} still.`,
    how: 'Each serves its last head, whole; the logs themselves are followed on.',
    next: 'Make room or raise the limit; the page of the log says what it needs.',
    items: stopped.map((log) => ({
      key: String(log.id),
      about: [name(log.origin), `: ${log.mirrorProblem}`],
      at: null,
      link: { href: `/logs/${log.id}#mirror`, text: 'The mirror' },
    })),
  };
}

/** Logs of which rules that came late have not seen everything: at most one line each. */
export function ruleGaps({ attention }: Situation): AttentionGroup {
  const { ruleGaps: lines } = attention;
  return {
    key: 'rule-gaps',
    tone: 'unknown',
    what: `${formatPlural(lines.length, 'log holds', 'logs hold')} entries that newer watch rules have not seen.`,
    how: 'They were read before the rules came or changed, and only what a rule named then was kept.',
    next: 'Search them for the rules, or know that you do not know.',
    items: lines.map(({ logId, origin, rules, entries }) => ({
      key: String(logId),
      about: [
        name(origin),
        `: ${formatPlural(rules.length, 'rule has', 'rules have')} not seen up to ${formatPlural(entries, 'entry', 'entries')}.`,
      ],
      at: null,
      link: { href: `/logs/${logId}#rules`, text: 'Search them' },
    })),
  };
}
