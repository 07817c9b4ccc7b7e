import { and, eq, exists, notExists, sql } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { alerts } from '#db/schema/alert.ts';
import { certificateMatches, eventCertificates, issuedCertificates } from '#db/schema/certificate.ts';
import { events } from '#db/schema/event.ts';
import { ALERT } from '#lib/provenance/alert-words.ts';
import { formatUtc } from '#lib/provenance/format.ts';
import { eventAlert, inTitle, numbered, withMatches } from './event-alert.ts';
import { raiseAlert } from './raise.ts';
import { STANDING, settleAlerts } from './settle.ts';

const PAGE = 500;

/**
 * Raises certificates of own identities that signed nothing published, and entries whose certificate is in no certificate
 * log that promised it; both are settled when that is so no longer.
 *
 * @returns whether there may be more.
 */
export function raiseFromCertificates(tx: Writer, now: number): boolean {
  return [raiseUnused(tx, now), raiseMissing(tx, now)].some((isMore) => isMore);
}

function raiseUnused(tx: Writer, now: number): boolean {
  const kind = 'unused-certificate';
  settleAlerts(tx, goneOf(tx, kind), now);
  const isOwn = exists(
    tx
      .select({ one: sql`1` })
      .from(certificateMatches)
      .where(and(eq(certificateMatches.certificateId, issuedCertificates.id), eq(certificateMatches.own, true))),
  );
  const found = tx
    .select({
      id: issuedCertificates.id,
      san: issuedCertificates.san,
      issuer: issuedCertificates.issuer,
      issuedAt: issuedCertificates.issuedAt,
      serial: issuedCertificates.serial,
      reason: issuedCertificates.reason,
    })
    .from(issuedCertificates)
    .where(and(eq(issuedCertificates.state, 'unused'), isOwn, notExists(standing(tx, kind, issuedCertificates.id))))
    .limit(PAGE)
    .all();
  for (const { id, san, issuer, issuedAt, serial, reason } of found) {
    const rules = tx
      .select({ rule: certificateMatches.rule })
      .from(certificateMatches)
      .where(eq(certificateMatches.certificateId, id))
      .all();
    raiseAlert(tx, {
      kind,
      severity: ALERT[kind].severity,
      subject: id,
      title: `${inTitle(san ?? 'An own identity')} has a certificate that signed nothing published`,
      statement: `${ALERT[kind].what} It was issued ${formatUtc(issuedAt)}. ${reason}`,
      evidence: {
        ...(san === null ? {} : { identity: san }),
        ...(issuer === null ? {} : { issuer }),
        ...numbered(
          'rule',
          rules.map(({ rule }) => rule),
        ),
        ...(serial === null ? {} : { serial }),
      },
      href: `/certificates/${id}`,
      now,
    });
  }
  return found.length === PAGE;
}

function raiseMissing(tx: Writer, now: number): boolean {
  const kind = 'missing-certificate';
  settleAlerts(tx, goneOf(tx, kind), now);
  const found = tx
    .select({
      id: events.id,
      san: events.san,
      issuer: events.issuer,
      digest: events.digest,
      occurredAt: events.occurredAt,
      authenticityReason: events.authenticityReason,
      reason: eventCertificates.reason,
    })
    .from(eventCertificates)
    .innerJoin(events, eq(events.id, eventCertificates.eventId))
    .where(and(eq(eventCertificates.state, 'missing'), notExists(standing(tx, kind, eventCertificates.eventId))))
    .limit(PAGE)
    .all();
  for (const row of found) {
    const event = withMatches(tx, row);
    const title = `The certificate of ${inTitle(event.san ?? 'a signer')} is not in the certificate log that promised it`;
    raiseAlert(tx, eventAlert(kind, event, { subject: event.id, title, more: { reason: event.reason } }, now));
  }
  return found.length === PAGE;
}

function standing(
  tx: Writer,
  kind: 'unused-certificate' | 'missing-certificate',
  subject: typeof issuedCertificates.id | typeof eventCertificates.eventId,
) {
  return tx
    .select({ one: sql`1` })
    .from(alerts)
    .where(and(eq(alerts.kind, kind), eq(alerts.subject, subject), STANDING));
}

/** Standing alerts whose certificate is in another state now, or gone. */
function goneOf(tx: Writer, kind: 'unused-certificate' | 'missing-certificate'): string[] {
  const isSo =
    kind === 'unused-certificate'
      ? tx
          .select({ one: sql`1` })
          .from(issuedCertificates)
          .where(and(eq(issuedCertificates.id, alerts.subject), eq(issuedCertificates.state, 'unused')))
      : tx
          .select({ one: sql`1` })
          .from(eventCertificates)
          .where(and(eq(eventCertificates.eventId, alerts.subject), eq(eventCertificates.state, 'missing')));
  return tx
    .select({ id: alerts.id })
    .from(alerts)
    .where(and(eq(alerts.kind, kind), STANDING, notExists(isSo)))
    .all()
    .map(({ id }) => id);
}
