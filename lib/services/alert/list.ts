import { and, count, desc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { ALERT_STATES, alerts } from '#db/schema/alert.ts';
import type { NoticeAlert } from '#lib/notify/notice.ts';
import { ALERT_KINDS, ALERT_SEVERITIES } from '#lib/provenance/alert-kind.ts';
import type { AlertState } from '#lib/provenance/alert-words.ts';
import { readAlert } from './stored-alert.ts';

const filterSchema = z.object({
  /** `open`: all but the resolved ones. */
  state: z.enum([...ALERT_STATES, 'open']).optional(),
  kind: z.enum(ALERT_KINDS).optional(),
  /** The least severity. */
  severity: z.enum(ALERT_SEVERITIES).optional(),
});

export type AlertFilter = z.input<typeof filterSchema>;

const placeSchema = z.object({ lastAt: z.int(), id: z.string().max(100) });

export type AlertPlace = z.infer<typeof placeSchema>;

const inputSchema = z.object({
  filter: filterSchema,
  olderThan: placeSchema.optional(),
  limit: z.int().min(1).max(200),
});

export interface ListedAlert extends NoticeAlert {
  readonly mutedUntil: number | null;
  readonly resolvedAt: number | null;
}

export interface AlertPage {
  readonly alerts: readonly ListedAlert[];
  readonly next: AlertPlace | null;
}

/** A page of alerts, those that came last first. */
export async function listAlerts({ db }: OpenDatabase, input: z.input<typeof inputSchema>): Promise<AlertPage> {
  const { filter, olderThan, limit } = inputSchema.parse(input);
  const place = olderThan && sql`(${alerts.lastAt}, ${alerts.id}) < (${olderThan.lastAt}, ${olderThan.id})`;
  const found = db
    .select()
    .from(alerts)
    .where(and(conditionOf(filter), place))
    .orderBy(desc(alerts.lastAt), desc(alerts.id))
    .limit(limit + 1)
    .all();
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    alerts: page.map(listedOf),
    next: last && found.length > limit ? { lastAt: last.lastAt, id: last.id } : null,
  };
}

function conditionOf({ state, kind, severity }: z.output<typeof filterSchema>): SQL | undefined {
  const enough = severity && ALERT_SEVERITIES.slice(ALERT_SEVERITIES.indexOf(severity));
  return and(
    state === undefined
      ? undefined
      : state === 'open'
        ? inArray(alerts.state, ['new', 'acknowledged', 'muted'])
        : eq(alerts.state, state),
    kind === undefined ? undefined : eq(alerts.kind, kind),
    enough === undefined ? undefined : inArray(alerts.severity, enough),
  );
}

export function listedOf(row: typeof alerts.$inferSelect): ListedAlert {
  return { ...readAlert(row), mutedUntil: row.mutedUntil, resolvedAt: row.resolvedAt };
}

export type AlertCounts = Readonly<Record<AlertState, number>>;

/** How many alerts there are in each state: one walk over an index. */
export async function countAlerts({ db }: OpenDatabase): Promise<AlertCounts> {
  const counts = { new: 0, acknowledged: 0, muted: 0, resolved: 0 };
  for (const row of db.select({ state: alerts.state, count: count() }).from(alerts).groupBy(alerts.state).all())
    counts[row.state] = row.count;
  return counts;
}
