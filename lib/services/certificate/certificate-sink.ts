import { and, eq, gte, inArray } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { certificateMatches, eventCertificates, issuedCertificates } from '#db/schema/certificate.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { EntrySink } from '#lib/services/log/entry-sink.ts';
import type { Matcher } from '#lib/watch/match.ts';
import { strongestMatches } from '#lib/watch/match-strength.ts';
import { buildCertificate, type NewCertificate } from './build.ts';
import { joinIssuedCertificate } from './join.ts';

/** Keeps the certificates of watched identities that certificate logs show, and joins each with the entry that used it. */
export function certificateSink(ctx: ServiceContext, { matcher }: { readonly matcher: Matcher }): EntrySink {
  return {
    take(entry, proof, place) {
      const certificate = buildCertificate(entry, proof, place, matcher);
      return { id: certificate.row.id, store: (tx) => store(tx, certificate, ctx.now()) };
    },
    settle() {
      // Each is joined when it is stored; what takes time is settled by a job (settle-issued.ts).
    },
    forget(tx, logId, from) {
      const isBeyond = and(eq(issuedCertificates.logId, logId), gte(issuedCertificates.logIndex, from));
      const ids = tx.select({ id: issuedCertificates.id }).from(issuedCertificates).where(isBeyond);
      tx.update(eventCertificates)
        .set({ state: 'waiting', certificateId: null })
        .where(inArray(eventCertificates.certificateId, ids))
        .run();
      tx.delete(issuedCertificates).where(isBeyond).run();
    },
  };
}

function store(tx: Writer, { row, matches }: NewCertificate, now: number): void {
  const stored = tx.insert(issuedCertificates).values(row).onConflictDoNothing().run();
  if (stored.changes === 0) return;
  const strongest = strongestMatches(matches);
  if (strongest.length > 0) {
    tx.insert(certificateMatches)
      .values(strongest.map((match) => ({ ...match, notes: JSON.stringify(match.notes), certificateId: row.id })))
      .run();
  }
  joinIssuedCertificate(tx, row, now);
}
