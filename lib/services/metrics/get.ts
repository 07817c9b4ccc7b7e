import { and, count, gt, isNotNull, lte, ne, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { bundles } from '#db/schema/bundle.ts';
import { events } from '#db/schema/event.ts';
import { expectedSignings } from '#db/schema/expected.ts';
import { latestCanaries } from '#lib/services/health/canary-check.ts';
import { getHealth, type Health } from '#lib/services/health/get.ts';
import { type LogHealth, readLogHealth } from '#lib/services/health/log-health.ts';
import { readHealthSettings } from '#lib/services/health/settings.ts';

const inputSchema = z.object({ now: z.int() });

type EventRow = typeof events.$inferSelect;

/** What is counted and measured, as the database has it now. Times in milliseconds. */
export interface Metrics {
  readonly now: number;
  readonly health: Health;
  readonly logs: readonly LogHealth[];
  readonly events: readonly (Pick<EventRow, 'claim' | 'authenticity'> & { readonly count: number })[];
  readonly undecided: number;
  readonly bundles: readonly { readonly state: 'verified' | 'refused'; readonly count: number }[];
  readonly trust: { readonly loadedAt: number; readonly expiresAt: number | null } | null;
  /** Null where no canary was ever signed. */
  readonly canary: {
    readonly signedAt: number | null;
    readonly seenAt: number | null;
    readonly latency: number | null;
  } | null;
  readonly expected: { readonly open: number; readonly used: number };
}

/** Everything that `/metrics` tells. */
export async function getMetrics(database: OpenDatabase, input: z.input<typeof inputSchema>): Promise<Metrics> {
  const { now } = inputSchema.parse(input);
  const { db } = database;
  const settings = readHealthSettings(database);
  const { state } = settings;
  return {
    now,
    health: await getHealth(database, { now }),
    logs: readLogHealth(database, settings, now),
    events: db
      .select({ claim: events.claim, authenticity: events.authenticity, count: count() })
      .from(events)
      .groupBy(events.claim, events.authenticity)
      .all(),
    undecided: db.select({ count: count() }).from(events).where(isNotNull(events.undecided)).get()?.count ?? 0,
    bundles: db.select({ state: bundles.state, count: count() }).from(bundles).groupBy(bundles.state).all(),
    trust: state?.trustLoadedAt == null ? null : { loadedAt: state.trustLoadedAt, expiresAt: state.trustExpiresAt },
    canary: readCanary(database),
    expected: readExpected(database, now),
  };
}

function readCanary(database: OpenDatabase): Metrics['canary'] {
  const latest = latestCanaries(database);
  if (latest.length === 0) return null;
  const seen = latest.find(({ seenAt }) => seenAt !== null);
  const signed = latest.find(({ error }) => error === null);
  return {
    signedAt: signed?.signedAt ?? null,
    seenAt: seen?.seenAt ?? null,
    latency: seen?.seenAt == null ? null : seen.seenAt - seen.signedAt,
  };
}

function readExpected({ db }: OpenDatabase, now: number): Metrics['expected'] {
  const { source, uses, used, validFrom, validUntil } = expectedSignings;
  const open = and(gt(uses, used), lte(validFrom, now), gt(validUntil, now));
  const row = db
    .select({ open: sql<number>`coalesce(sum(${open}), 0)`, used: sql<number>`coalesce(sum(${used}), 0)` })
    .from(expectedSignings)
    .where(ne(source, 'canary'))
    .get();
  return row ?? { open: 0, used: 0 };
}
