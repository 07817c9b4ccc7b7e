import { and, count, desc, eq, exists, max, sql } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { certificateMatches, eventCertificates, issuedCertificates } from '#db/schema/certificate.ts';
import { events } from '#db/schema/event.ts';

/** Certificates, or entries, of one signer that say the same thing. */
export interface CertificateGroup {
  readonly san: string | null;
  readonly issuer: string | null;
  readonly count: number;
  readonly latestAt: number;
}

export interface CertificateAttention {
  /** Own identities' certificates that no log that we read has an entry of. */
  readonly unused: readonly CertificateGroup[];
  /** Entries whose certificate is in no certificate log that promised to hold it. */
  readonly missing: readonly (CertificateGroup & { readonly eventId: string; readonly reason: string })[];
}

/** Groups shown of each kind; the filtered lists show all. */
const GROUP_LIMIT = 20;

/** What somebody should look at about certificates. */
export async function getCertificateAttention({ db }: OpenDatabase): Promise<CertificateAttention> {
  const isOwn = exists(
    db
      .select({ one: sql`1` })
      .from(certificateMatches)
      .where(and(eq(certificateMatches.certificateId, issuedCertificates.id), eq(certificateMatches.own, true))),
  );
  return {
    unused: db
      .select({
        san: issuedCertificates.san,
        issuer: issuedCertificates.issuer,
        count: count(),
        latestAt: sql<number>`max(${issuedCertificates.issuedAt})`,
      })
      .from(issuedCertificates)
      .where(and(eq(issuedCertificates.state, 'unused'), isOwn))
      .groupBy(issuedCertificates.san, issuedCertificates.issuer)
      .orderBy(desc(max(issuedCertificates.issuedAt)))
      .limit(GROUP_LIMIT)
      .all(),
    missing: db
      .select({
        san: events.san,
        issuer: events.issuer,
        count: count(),
        latestAt: sql<number>`max(${events.occurredAt})`,
        // Of the row that has the only maximum: SQLite takes what stands alone from there.
        eventId: events.id,
        reason: eventCertificates.reason,
      })
      .from(eventCertificates)
      .innerJoin(events, eq(events.id, eventCertificates.eventId))
      .where(eq(eventCertificates.state, 'missing'))
      .groupBy(events.san, events.issuer)
      .orderBy(desc(max(events.occurredAt)))
      .limit(GROUP_LIMIT)
      .all(),
  };
}
