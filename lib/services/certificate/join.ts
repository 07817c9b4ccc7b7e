import { hash } from 'node:crypto';
import { and, asc, eq, inArray, ne, type SQL } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { eventCertificates, issuedCertificates } from '#db/schema/certificate.ts';
import { events } from '#db/schema/event.ts';
import { logs } from '#db/schema/log.ts';
import type { EntryFormat } from '#lib/rekor/entry-format.ts';
import { formatOfKind } from '#lib/services/event/format-of-kind.ts';
import { DerError } from '#lib/watch/der.ts';
import { normaliseTbs } from '#lib/watch/normalised-tbs.ts';
import type { IssuedRow } from './build.ts';

const USED = { state: 'used', reason: 'An entry of a log was signed with it.' } as const;

/** Digest of a certificate without poison and SCTs; null where it cannot be read. */
export function certificateDigest(certificate: Uint8Array): string | null {
  try {
    return hash('sha256', normaliseTbs(certificate, 'certificate'));
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

/** Joins a certificate that a certificate log showed with the events that were signed with it. */
export function joinIssuedCertificate(tx: Writer, { id, tbsSha256 }: IssuedRow, now: number): void {
  if (!tbsSha256) return;
  const use = tx
    .select({ id: events.id })
    .from(eventCertificates)
    .innerJoin(events, eq(events.id, eventCertificates.eventId))
    // A certificate is public: only its key's own signature shows that it was used.
    .where(and(eq(eventCertificates.tbsSha256, tbsSha256), eq(events.authenticity, 'verified')))
    .orderBy(asc(events.occurredAt))
    .get();
  if (use)
    tx.update(issuedCertificates)
      .set({ ...USED, eventId: use.id })
      .where(eq(issuedCertificates.id, id))
      .run();
  tx.update(eventCertificates)
    .set({ ...inLog(id), checkedAt: now })
    .where(eq(eventCertificates.tbsSha256, tbsSha256))
    .run();
}

export interface EventWithCertificate {
  readonly eventId: string;
  readonly authenticity: (typeof events.$inferSelect)['authenticity'];
  /** DER. */
  readonly certificate: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Joins an event with the certificate of its signer in a certificate log, or makes it wait for that. A certificate that no
 * trusted authority issued is in none, and its event says so itself.
 */
export function joinEventCertificate(tx: Writer, event: EventWithCertificate): void {
  const tbsSha256 = certificateDigest(event.certificate);
  if (tbsSha256 === null || event.authenticity === 'impersonation') return;
  const issued = tx
    .select({ id: issuedCertificates.id })
    .from(issuedCertificates)
    .where(eq(issuedCertificates.tbsSha256, tbsSha256))
    .get();
  const found = issued
    ? inLog(issued.id)
    : { ...WAITING, certificateId: null, certificate: Buffer.from(event.certificate) };
  const row = { ...found, tbsSha256, checkedAt: event.now };
  tx.insert(eventCertificates)
    .values({ eventId: event.eventId, ...row })
    .onConflictDoUpdate({ target: eventCertificates.eventId, set: row })
    .run();
  if (event.authenticity !== 'verified') return;
  tx.update(issuedCertificates)
    .set({ ...USED, eventId: event.eventId })
    .where(and(eq(issuedCertificates.tbsSha256, tbsSha256), ne(issuedCertificates.state, 'used')))
    .run();
}

/** Takes back what the events of a condition say, which are about to go: their certificates wait again. */
export function forgetEventCertificates(tx: Writer, isGone: SQL | undefined): void {
  const eventIds = tx.select({ id: events.id }).from(events).where(isGone);
  tx.delete(eventCertificates).where(inArray(eventCertificates.eventId, eventIds)).run();
  tx.update(issuedCertificates)
    .set({ state: 'waiting', reason: 'No entry of it has been found so far.', eventId: null })
    .where(inArray(issuedCertificates.eventId, eventIds))
    .run();
}

/**
 * Takes back what the issued certificates of a condition say, and deletes them. Their events wait again, with the certificate
 * that is in their entry, so that the logs that promised to hold it are asked for it.
 */
export function forgetIssuedCertificates(tx: Writer, isGone: SQL | undefined): void {
  const ids = tx.select({ id: issuedCertificates.id }).from(issuedCertificates).where(isGone);
  const joined = tx
    .select({ certificate: eventCertificates, entry: events.entry, kind: events.kind, api: logs.api })
    .from(eventCertificates)
    .leftJoin(events, eq(events.id, eventCertificates.eventId))
    .leftJoin(logs, eq(logs.id, events.logId))
    .where(inArray(eventCertificates.certificateId, ids))
    .all();
  tx.delete(issuedCertificates).where(isGone).run();
  for (const { certificate, entry, kind, api } of joined) {
    const { eventId, tbsSha256 } = certificate;
    // Certificate and precertificate, or two logs, may have shown the same.
    const other = tx
      .select({ id: issuedCertificates.id })
      .from(issuedCertificates)
      .where(eq(issuedCertificates.tbsSha256, tbsSha256))
      .get();
    const left = other
      ? inLog(other.id)
      : {
          ...WAITING,
          certificateId: null,
          certificate: entry && certificateIn(entry, formatOfKind(kind, api), tbsSha256),
        };
    tx.update(eventCertificates).set(left).where(eq(eventCertificates.eventId, eventId)).run();
  }
}

/** The certificate of a stored entry that has this digest, as DER. */
function certificateIn(entry: Uint8Array, format: EntryFormat, tbsSha256: string): Buffer | null {
  const decoded = format.decode(entry);
  if ('undecided' in decoded) return null;
  const ders = decoded.signatures
    .filter(({ form }) => form === 'certificate')
    .map(({ verifier }) => Buffer.from(verifier, 'base64'));
  return ders.find((der) => certificateDigest(der) === tbsSha256) ?? null;
}

const WAITING = { state: 'waiting', reason: 'No certificate log has shown it so far.' } as const;

function inLog(certificateId: string) {
  return {
    state: 'in-ct',
    reason: 'A certificate log that we read has it.',
    certificateId,
    certificate: null,
  } as const;
}
