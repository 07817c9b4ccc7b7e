import { eq, like } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { alertCursors } from '#db/schema/alert.ts';
import { logs } from '#db/schema/log.ts';
import { type AlertKind, isAtLeast } from '#lib/provenance/alert-kind.ts';
import { ALERT } from '#lib/provenance/alert-words.ts';
import type { HealthCheck } from '#lib/services/health/check.ts';
import { dropCursor, moveCursor, readCursor } from './cursor.ts';
import { inTitle } from './event-alert.ts';
import { raiseAlert } from './raise.ts';
import { severityHere } from './settings.ts';
import { settleAlerts, standingAlerts } from './settle.ts';

/** Each check as an alert. That the jobs stand still they cannot tell themselves: `health.ping` is for that. */
const ALERT_OF: Readonly<Record<HealthCheck['name'], { readonly kind: AlertKind; readonly href: string } | null>> = {
  jobs: null,
  job: { kind: 'failing-jobs', href: '/' },
  configuration: { kind: 'failing-jobs', href: '/' },
  settings: { kind: 'failing-jobs', href: '/settings/watch' },
  log: { kind: 'log-silence', href: '/logs' },
  coverage: { kind: 'log-silence', href: '/logs' },
  mirror: { kind: 'failing-jobs', href: '/logs' },
  trust: { kind: 'stale-trust-root', href: '/' },
  'blind-spot': { kind: 'stale-trust-root', href: '/logs' },
  database: { kind: 'failing-jobs', href: '/' },
  backup: { kind: 'failing-jobs', href: '/' },
  source: { kind: 'failing-source', href: '/sources' },
  canary: { kind: 'failing-jobs', href: '/' },
};

const KINDS: readonly AlertKind[] = ['failing-jobs', 'log-silence', 'stale-trust-root', 'failing-source'];
const PREFIX = 'health:';
/** A log has a time of its own in which it may be silent; after a start it is given this long to answer. */
const LOG_GRACE = 60_000;

export interface HealthToRaise {
  readonly checks: readonly HealthCheck[];
  /** Milliseconds that something must fail before it is an alert. */
  readonly grace: number;
  readonly now: number;
}

/** Raises what fails for longer than it may, once, and again where it became graver; settles what is well again. */
export function raiseFromHealth(tx: Writer, { checks, grace, now }: HealthToRaise): void {
  const frozen = new Set(
    tx
      .select({ origin: logs.origin })
      .from(logs)
      .where(eq(logs.state, 'frozen'))
      .all()
      .map(({ origin }) => origin),
  );
  const isTold = (check: HealthCheck) => isAlarm(check) && !(check.name === 'log' && frozen.has(check.subject ?? ''));
  const failing = new Map(
    checks.filter(isTold).map((check) => [`${PREFIX}${check.name}:${check.subject ?? ''}`, check]),
  );
  for (const { source } of tx
    .select()
    .from(alertCursors)
    .where(like(alertCursors.source, `${PREFIX}%`))
    .all()) {
    if (!failing.has(source)) dropCursor(tx, source);
  }
  const standing = standingAlerts(tx, KINDS).filter(({ subject }) => subject.startsWith(PREFIX));
  for (const [subject, check] of failing) {
    const since = readCursor(tx, subject);
    if (since === null) moveCursor(tx, subject, now);
    const told = ALERT_OF[check.name];
    const isDue = now - (since ?? now) >= (check.name === 'log' ? Math.min(LOG_GRACE, grace) : grace);
    if (told === null || !isDue) continue;
    const { kind } = told;
    const base = ALERT[kind].severity;
    const severity = check.state === 'failing' && !isAtLeast(base, 'high') ? 'high' : base;
    const known = standing.find((alert) => alert.subject === subject && alert.kind === kind);
    if (known && isAtLeast(known.severity, severityHere(tx, kind, severity))) continue;
    const { what, mend } = check;
    raiseAlert(tx, {
      kind,
      severity,
      subject,
      title: inTitle(what, 160),
      statement: mend === null ? what : `${what} ${mend}`,
      evidence: { check: check.name, ...(check.subject === null ? {} : { subject: check.subject }) },
      href: told.href,
      now,
    });
  }
  settleAlerts(
    tx,
    standing.filter(({ subject }) => !failing.has(subject)).map(({ id }) => id),
    now,
  );
}

/** A log that is fresh is well, though a request failed. One that is frozen is an alert of its own, by its fault. */
function isAlarm({ name, state }: HealthCheck): boolean {
  return ALERT_OF[name] !== null && (name === 'log' ? state === 'failing' : state !== 'ok');
}
