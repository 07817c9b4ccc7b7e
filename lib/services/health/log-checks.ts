import { formatCount, formatDuration, formatPlural } from '#lib/provenance/format.ts';
import { showText } from '#lib/provenance/untrusted-text.ts';
import { type HealthCheck, wellCheck } from './check.ts';
import type { LogHealth } from './log-health.ts';

/** What is to be said of each log, and of there being any. */
export function checkLogs(logs: readonly LogHealth[], now: number): HealthCheck[] {
  if (logs.length === 0) {
    const mend = 'Look at trust and logs in the configuration, and whether the jobs run.';
    return [{ name: 'log', subject: null, state: 'failing', what: 'No log is followed.', since: null, mend }];
  }
  return logs.flatMap((log) => [checkLog(log, now), ...checkCoverage(log), ...checkMirror(log)]);
}

function checkLog(log: LogHealth, now: number): HealthCheck {
  const name = showText(log.origin);
  const about = { name: 'log', subject: log.origin } as const;
  const [fault] = log.faults;
  const said = fault ? ` ${showText(fault.message)} (${formatPlural(fault.count, 'time')})` : '';
  if (log.state === 'frozen') {
    const what = `${name} contradicted itself, and is frozen.${said}`;
    const mend = 'Download the evidence from its page, and do as docs/operating.md says of frozen logs.';
    return { ...about, state: 'failing', what, since: fault?.firstAt ?? null, mend };
  }
  const backlog = describeBacklog(log);
  if (log.staleSince === null) {
    if (!fault) return wellCheck('log', log.origin, `${name} is fresh${backlog}.`);
    const what = `The latest requests to ${name} failed${backlog}.${said}`;
    return { ...about, state: 'degraded', what, since: fault.firstAt, mend: 'Nothing, if it passes.' };
  }
  const age = formatDuration(now - log.staleSince);
  const limit = formatDuration(log.freshness);
  // A catch-up of hours gives its good answer at its end. What it has not come to yet is not seen, but it is on its way.
  if (log.isBusy && log.backlog > 0 && !fault) {
    const what = `${name} is being caught up with${backlog}; its last good answer is ${age} old, and may be ${limit}.`;
    return { ...about, state: 'degraded', what, since: log.staleSince, mend: 'Wait, or look at its page.' };
  }
  const what =
    log.lastSuccessAt === null
      ? `${name} has given no good answer yet, for ${age}; one may be ${limit} old.${said}`
      : log.headAt !== null && log.staleSince === log.headAt
        ? `${name} still shows a head that it dated ${age} ago: what it took since is not shown.${said}`
        : `The last good answer of ${name} is ${age} old, and may be ${limit}${backlog}.${said}`;
  const mend = 'Check network, address and status of the log. What is signed there now is not seen.';
  return { ...about, state: 'failing', what, since: log.staleSince, mend };
}

function describeBacklog({ backlog, rate, eta }: LogHealth): string {
  if (backlog === 0) return '';
  const pace = rate === null ? '' : ` at ${formatCount(rate)} a second`;
  const left = eta === null ? '' : `, about ${formatDuration(eta)}`;
  return `, with ${formatPlural(backlog, 'entry', 'entries')} to read${pace}${left}`;
}

function checkCoverage({ origin, coverage: { gaps }, verified }: LogHealth): HealthCheck[] {
  const [gap] = gaps;
  if (!gap) return [wellCheck('coverage', origin, `${showText(origin)} is covered without a gap up to ${verified}.`)];
  const more = gaps.length === 1 ? '' : ` and ${formatPlural(gaps.length - 1, 'further range')}`;
  return [
    {
      name: 'coverage',
      subject: origin,
      state: 'degraded',
      what: `Of ${showText(origin)}, the entries ${gap.startIndex} to ${gap.endIndex - 1}${more} were not looked at.`,
      since: null,
      mend: 'Search them again, and report it: the tail leaves no gap.',
    },
  ];
}

function checkMirror({ origin, mirrorProblem }: LogHealth): HealthCheck[] {
  if (mirrorProblem === null) return [];
  const what = `The mirror of ${showText(origin)} stands still: ${showText(mirrorProblem)}`;
  const mend = 'Make room on its disk, or raise its limit.';
  return [{ name: 'mirror', subject: origin, state: 'degraded', what, since: null, mend }];
}
