import { and, count, eq, isNotNull, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
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
}

const isProven = sql`${events.authenticity} = 'verified'`;
const isUnclaimed = sql`${isProven} AND ${events.claim} IN ('unclaimed', 'probable')`;

/** Identities by what they signed last, the latest first. */
export async function listIdentities({ db }: OpenDatabase, input: z.input<typeof inputSchema>): Promise<IdentityPage> {
  const { search, hasUnclaimed, page, limit } = inputSchema.parse(input);
  const lastAt = sql<number>`max(${events.occurredAt})`;
  const unclaimed = total(isUnclaimed);
  const rows = db
    .select({
      san: sql<string>`${events.san}`,
      sanType: sql<string | null>`max(${events.sanType})`,
      issuer: events.issuer,
      signings: total(isProven),
      models: total(sql`${isProven} AND ${events.claim} = 'model'`),
      unclaimed,
      impersonations: total(eq(events.authenticity, 'impersonation')),
      firstAt: sql<number>`min(${events.occurredAt})`,
      lastAt,
    })
    .from(events)
    .where(and(isNotNull(events.san), search === undefined ? undefined : contains(search)))
    .groupBy(events.san, events.issuer)
    .having(hasUnclaimed ? sql`${unclaimed} > 0` : undefined)
    .orderBy(sql`${lastAt} DESC`, events.san, events.issuer)
    .limit(limit + 1)
    .offset(page * limit)
    .all();
  return { identities: rows.slice(0, limit), hasMore: rows.length > limit };
}

/** How many identities there are in all. */
export async function countIdentities({ db }: OpenDatabase): Promise<number> {
  const distinct = db
    .selectDistinct({ san: events.san, issuer: events.issuer })
    .from(events)
    .where(isNotNull(events.san))
    .as('identities');
  return db.select({ count: count() }).from(distinct).get()?.count ?? 0;
}

function total(condition: SQL): SQL<number> {
  return sql<number>`sum(CASE WHEN ${condition} THEN 1 ELSE 0 END)`;
}

function contains(text: string): SQL {
  const pattern = `%${text.replaceAll(/[\\%_]/g, (character) => `\\${character}`)}%`;
  return sql`(${events.san} LIKE ${pattern} ESCAPE '\\' OR ${events.issuer} LIKE ${pattern} ESCAPE '\\')`;
}
