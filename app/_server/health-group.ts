import type { HealthCheck } from '#lib/services/health/check.ts';
import type { AttentionGroup } from './attention-group.ts';
import { frozenLogs, silentLogs, withheldLogs } from './log-groups.ts';
import type { Situation } from './overview.ts';

/** What health found besides the groups above: each thing is said once. */
export function otherHealth(situation: Situation): AttentionGroup {
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
