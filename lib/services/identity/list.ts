import { and, count, inArray, isNotNull, max, min, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db, OpenDatabase } from '#db/client.ts';
import { events } from '#db/schema/event.ts';

const inputSchema = z.object({
  /** Part of the identity or its issuer. */
  search: z.string().max(512).optional(),
  /** Only those with verified signings that nobody has shown. */
  hasUnclaimed: z.boolean().optional(),
  /** From 0. */
  page: z.int().min(0).max(100_000),
  limit: z.int().min(1).max(200),
});

/** A certificate's name with its issuer, by what it signed. */
export interface IdentitySummary {
  readonly san: string;
  readonly sanType: string | null;
  readonly issuer: string | null;
  /** Signings whose signer is proven. */
  readonly signings: number;
  /** Of these, what a bundle shows to be a model's. */
  readonly models: number;
  /** Of these, what nobody has shown. */
  readonly unclaimed: number;
  /** Entries that name it without proof. */
  readonly impersonations: number;
  /** Milliseconds. */
  readonly firstAt: number;
  readonly lastAt: number;
}

export interface IdentityPage {
  readonly identities: readonly IdentitySummary[];
  readonly hasMore: boolean;
  /** How many there are on all pages; null where the page is behind the last. */
  readonly total: number | null;
}

/** Identities by what they signed last, the latest first. */
export async function listIdentities({ db }: OpenDatabase, input: z.input<typeof inputSchema>): Promise<IdentityPage> {
  const { search, hasUnclaimed, page, limit } = inputSchema.parse(input);
  const groups = groupSigners(db, search);
  const isProven = sql`${groups.authenticity} = 'verified'`;
  const total = (condition: SQL) => sql<number>`sum(CASE WHEN ${condition} THEN ${groups.count} ELSE 0 END)`;
  const lastAt = sql<number>`max(${groups.lastAt})`;
  const unclaimed = total(sql`${isProven} AND ${groups.claim} IN ('unclaimed', 'probable')`);
  const rows = db
    .select({
      san: groups.san,
      issuer: groups.issuer,
      signings: total(isProven),
      models: total(sql`${isProven} AND ${groups.claim} = 'model'`),
      unclaimed,
      impersonations: total(sql`${groups.authenticity} = 'impersonation'`),
      firstAt: sql<number>`min(${groups.firstAt})`,
      lastAt,
      anyEvent: sql<string>`min(${groups.anyEvent})`,
      all: sql<number>`count(*) OVER ()`,
    })
    .from(groups)
    .groupBy(sql`${groups.san}`, groups.issuer)
    .having(hasUnclaimed ? sql`${unclaimed} > 0` : undefined)
    .orderBy(sql`${lastAt} DESC`, sql`${groups.san}`, groups.issuer)
    .limit(limit + 1)
    .offset(page * limit)
    .all();
  const shown = rows.slice(0, limit);
  const types = readSanTypes(
    db,
    shown.map(({ anyEvent }) => anyEvent),
  );
  return {
    identities: shown.map(({ anyEvent, all: _, ...row }) => ({ ...row, sanType: types.get(anyEvent) ?? null })),
    hasMore: rows.length > limit,
    total: rows[0]?.all ?? (page === 0 ? 0 : null),
  };
}

/** How many identities there are in all. */
export async function countIdentities({ db }: OpenDatabase): Promise<number> {
  const groups = groupSigners(db, undefined);
  const distinct = db.selectDistinct({ san: groups.san, issuer: groups.issuer }).from(groups).as('identities');
  return db.select({ count: count() }).from(distinct).get()?.count ?? 0;
}

/** Entries by claim, authenticity and identity: the order of the index `events_attention`, which has all that is read. */
function groupSigners(db: Db, search: string | undefined) {
  return db
    .select({
      claim: events.claim,
      authenticity: events.authenticity,
      san: sql<string>`${events.san}`.as('signer_san'),
      issuer: events.issuer,
      count: count().as('entries'),
      firstAt: min(events.occurredAt).as('first_at'),
      lastAt: max(events.occurredAt).as('last_at'),
      anyEvent: min(events.id).as('any_event'),
    })
    .from(events)
    .where(and(isNotNull(events.san), search === undefined ? undefined : contains(search)))
    .groupBy(events.claim, events.authenticity, events.san, events.issuer)
    .as('signers');
}

/** Of what kind the names are, by one entry of each. */
function readSanTypes(db: Db, eventIds: readonly string[]): Map<string, string | null> {
  const rows = db
    .select({ id: events.id, sanType: events.sanType })
    .from(events)
    .where(inArray(events.id, [...eventIds]))
    .all();
  return new Map(rows.map(({ id, sanType }) => [id, sanType]));
}

function contains(text: string): SQL {
  const pattern = `%${text.replaceAll(/[\\%_]/g, (character) => `\\${character}`)}%`;
  return sql`(${events.san} LIKE ${pattern} ESCAPE '\\' OR ${events.issuer} LIKE ${pattern} ESCAPE '\\')`;
}
