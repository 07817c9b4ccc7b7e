import { and, desc, eq, exists, inArray, isNotNull, isNull, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db, OpenDatabase } from '#db/client.ts';
import { certificateMatches, issuedCertificates } from '#db/schema/certificate.ts';
import { logs } from '#db/schema/log.ts';
import { CERTIFICATE_STATES, type CertificateState } from '#lib/provenance/certificate-words.ts';

/** A place in the list, which is sorted by time and id, newest first. */
const placeSchema = z.object({ issuedAt: z.int(), id: z.string().max(100) });

export type CertificatePlace = z.infer<typeof placeSchema>;

export const certificateFilterSchema = z.object({
  state: z.enum(CERTIFICATE_STATES).optional(),
  rule: z.string().max(512).optional(),
  /** The first name as it is shown, whole. */
  identity: z.string().max(8192).optional(),
  /** The issuer of the identity, whole. */
  issuer: z.string().max(8192).optional(),
  /** Only those of own identities. */
  own: z.boolean().optional(),
  undecided: z.boolean().optional(),
  /** Only those that can be read. */
  readable: z.boolean().optional(),
});

export type CertificateFilter = z.infer<typeof certificateFilterSchema>;

const inputSchema = z.object({
  filter: certificateFilterSchema,
  olderThan: placeSchema.optional(),
  limit: z.int().min(1).max(200),
});

export type CertificateSummary = ReturnType<typeof selectSummaries>[number] & {
  readonly rules: readonly { readonly rule: string; readonly own: boolean }[];
};

export interface CertificatePage {
  readonly certificates: readonly CertificateSummary[];
  /** Where the next page begins; null on the last. */
  readonly next: CertificatePlace | null;
}

/** A page of the certificates that certificate logs showed, newest first. */
export async function listCertificates(
  database: OpenDatabase,
  input: z.input<typeof inputSchema>,
): Promise<CertificatePage> {
  const { filter, olderThan, limit } = inputSchema.parse(input);
  const { db } = database;
  const isOlder =
    olderThan &&
    sql`(${issuedCertificates.issuedAt}, ${issuedCertificates.id}) < (${olderThan.issuedAt}, ${olderThan.id})`;
  const found = selectSummaries(db, and(conditionOf(db, filter), isOlder), limit + 1);
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  const rules = db
    .select({
      certificateId: certificateMatches.certificateId,
      rule: certificateMatches.rule,
      own: certificateMatches.own,
    })
    .from(certificateMatches)
    .where(
      inArray(
        certificateMatches.certificateId,
        rows.map(({ id }) => id),
      ),
    )
    .orderBy(certificateMatches.rule)
    .all();
  return {
    certificates: rows.map((row) => ({
      ...row,
      rules: rules.flatMap(({ certificateId, rule, own }) => (certificateId === row.id ? [{ rule, own }] : [])),
    })),
    next: last && found.length > limit ? { issuedAt: last.issuedAt, id: last.id } : null,
  };
}

export type CountedState = CertificateState | 'undecided';

/** How many certificates there are in each state; of those that wait, the ones that cannot be read are apart. */
export async function countCertificates({ db }: OpenDatabase): Promise<ReadonlyMap<CountedState, number>> {
  const { state, undecided } = issuedCertificates;
  const counted = sql<CountedState>`CASE WHEN ${state} = 'waiting' AND ${undecided} IS NOT NULL THEN 'undecided' ELSE ${state} END`;
  const rows = db
    .select({ state: counted, count: sql<number>`count(*)` })
    .from(issuedCertificates)
    .groupBy(counted)
    .all();
  return new Map(rows.map(({ state, count }) => [state, count]));
}

/** The rules that any certificate met. */
export async function listCertificateRules({ db }: OpenDatabase): Promise<string[]> {
  return db
    .selectDistinct({ rule: certificateMatches.rule })
    .from(certificateMatches)
    .orderBy(certificateMatches.rule)
    .all()
    .map(({ rule }) => rule);
}

function conditionOf(db: Db, filter: CertificateFilter): SQL | undefined {
  const { state, rule, identity, issuer, own, undecided, readable } = filter;
  const meets = (condition: SQL | undefined) =>
    exists(
      db
        .select({ one: sql`1` })
        .from(certificateMatches)
        .where(and(eq(certificateMatches.certificateId, issuedCertificates.id), condition)),
    );
  return and(
    state === undefined ? undefined : eq(issuedCertificates.state, state),
    identity === undefined ? undefined : eq(issuedCertificates.san, identity),
    issuer === undefined ? undefined : eq(issuedCertificates.issuer, issuer),
    rule === undefined ? undefined : meets(eq(certificateMatches.rule, rule)),
    own ? meets(eq(certificateMatches.own, true)) : undefined,
    undecided ? isNotNull(issuedCertificates.undecided) : undefined,
    readable ? isNull(issuedCertificates.undecided) : undefined,
  );
}

function selectSummaries(db: Db, condition: SQL | undefined, limit: number) {
  return db
    .select({
      id: issuedCertificates.id,
      issuedAt: issuedCertificates.issuedAt,
      kind: issuedCertificates.kind,
      san: issuedCertificates.san,
      sanType: issuedCertificates.sanType,
      issuer: issuedCertificates.issuer,
      serial: issuedCertificates.serial,
      state: issuedCertificates.state,
      reason: issuedCertificates.reason,
      undecided: issuedCertificates.undecided,
      eventId: issuedCertificates.eventId,
      logId: issuedCertificates.logId,
      origin: logs.origin,
      logIndex: issuedCertificates.logIndex,
      firstSeenAt: issuedCertificates.firstSeenAt,
    })
    .from(issuedCertificates)
    .innerJoin(logs, eq(logs.id, issuedCertificates.logId))
    .where(condition)
    .orderBy(desc(issuedCertificates.issuedAt), desc(issuedCertificates.id))
    .limit(limit)
    .all();
}
