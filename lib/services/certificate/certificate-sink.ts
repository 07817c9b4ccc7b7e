import { and, eq, gte } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { certificateMatches, issuedCertificates } from '#db/schema/certificate.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { EntrySink } from '#lib/services/log/entry-sink.ts';
import type { Matcher } from '#lib/watch/match.ts';
import { strongestMatches } from '#lib/watch/match-strength.ts';
import { buildCertificate, type NewCertificate } from './build.ts';
import { forgetIssuedCertificates, joinIssuedCertificate } from './join.ts';

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
      forgetIssuedCertificates(tx, and(eq(issuedCertificates.logId, logId), gte(issuedCertificates.logIndex, from)));
    },
  };
}

function store(tx: Writer, { row, matches }: NewCertificate, now: number): void {
  const stored = tx.insert(issuedCertificates).values(row).onConflictDoNothing().run();
  const strongest = strongestMatches(matches);
  if (strongest.length > 0) {
    // Of one that is known, too: a rule that came later may have led here.
    tx.insert(certificateMatches)
      .values(strongest.map((match) => ({ ...match, notes: JSON.stringify(match.notes), certificateId: row.id })))
      .onConflictDoNothing()
      .run();
  }
  if (stored.changes === 0) return;
  joinIssuedCertificate(tx, row, now);
}
