import type Database from 'better-sqlite3';
import { and, eq, inArray, isNotNull } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { bundles } from '#db/schema/bundle.ts';
import { events } from '#db/schema/event.ts';
import { stableId } from '#lib/ids.ts';
import { decodeEntry } from '#lib/rekor/entry.ts';
import { joinEventCertificate } from '#lib/services/certificate/join.ts';
import { readFacts } from '#lib/services/event/certificate-facts.ts';
import { entryEventId } from '#lib/services/event/entry-event-id.ts';
import { reindexEvent } from '#lib/services/event/search-terms.ts';
import { settleEvent } from '#lib/services/event/settle.ts';
import { settleExpected } from '#lib/services/expected/settle.ts';
import { logOfEntry } from '#lib/services/log/log-of-entry.ts';
import type { ParsedBundle } from '#lib/sigstore/bundle.ts';

type BundleRow = typeof bundles.$inferSelect;

/**
 * Joins a verified bundle with the event it is about: by leaf, else by signed digest, signature and certificate. Where
 * none is known yet, the bundle makes the event, with the proof that it carries itself.
 */
export function linkBundle(tx: Writer, sqlite: Database.Database, bundleId: string, parsed: ParsedBundle): void {
  const bundle = tx.select().from(bundles).where(eq(bundles.id, bundleId)).get();
  if (!bundle) return;
  const found = linkedEvent(bundle) ??
    findEvent(tx, bundle) ?? { id: recordBundleEvent(tx, bundle, parsed), linkedBy: 'leaf' as const };
  tx.update(bundles).set({ eventId: found.id, linkedBy: found.linkedBy }).where(eq(bundles.id, bundleId)).run();
  settleEvent(tx, found.id);
  settleExpected(tx, { eventIds: [found.id] });
  reindexEvent(sqlite, found.id);
}

/** A bundle that is understood anew stays where it was. */
function linkedEvent({ eventId, linkedBy }: BundleRow): { id: string; linkedBy: 'leaf' | 'digest' } | null {
  return eventId === null ? null : { id: eventId, linkedBy: linkedBy ?? 'leaf' };
}

function findEvent(tx: Writer, bundle: BundleRow): { id: string; linkedBy: 'leaf' | 'digest' } | null {
  if (bundle.leafHash) {
    const byLeaf = tx.select({ id: events.id }).from(events).where(eq(events.leafHash, bundle.leafHash)).get();
    if (byLeaf) return { id: byLeaf.id, linkedBy: 'leaf' };
  } else {
    const sameSignature = eventOfSignature(tx, bundle);
    if (sameSignature) return sameSignature;
  }
  const digests = [bundle.signedSha256, bundle.signedSha384, bundle.signedSha512].filter((digest) => digest !== null);
  if (digests.length === 0 || !bundle.certificateSha256) return null;
  const byDigest = tx
    .select({ id: events.id })
    .from(events)
    .where(
      and(
        inArray(events.digest, digests),
        eq(events.signatureSha256, bundle.signatureSha256),
        eq(events.certificateSha256, bundle.certificateSha256),
      ),
    )
    .get();
  return byDigest ? { id: byDigest.id, linkedBy: 'digest' } : null;
}

/** The same signature in another spelling of the bundle: one signing, however often it was handed on. */
function eventOfSignature(tx: Writer, bundle: BundleRow): { id: string; linkedBy: 'digest' } | null {
  const twin = tx
    .select({ eventId: bundles.eventId })
    .from(bundles)
    .where(
      and(
        eq(bundles.signatureSha256, bundle.signatureSha256),
        eq(bundles.state, 'verified'),
        isNotNull(bundles.eventId),
        bundle.signedSha256 === null ? undefined : eq(bundles.signedSha256, bundle.signedSha256),
      ),
    )
    .get();
  return twin?.eventId ? { id: twin.eventId, linkedBy: 'digest' } : null;
}

/** A signing known from its bundle alone: not read by our tail yet, or in a log that is not followed, or in none. */
function recordBundleEvent(tx: Writer, bundle: BundleRow, parsed: ParsedBundle): string {
  const entry = parsed.logEntries[0];
  const log = entry && logOfEntry(tx, entry);
  const { id, index } = placeOf(tx, parsed, log?.origin);
  const facts = parsed.material.form === 'certificate' ? readFacts(parsed.material.certificate) : null;
  tx.insert(events)
    .values({
      id,
      logId: index === null ? null : (log?.id ?? null),
      logIndex: index,
      leafHash: entry?.leafHash ?? null,
      kind: entry ? `${entry.kind} ${entry.version}` : null,
      entry: entry?.body ?? null,
      seenBy: 'bundle',
      treeSize: entry?.proof?.treeSize ?? null,
      inclusionProof: entry?.proof ? Buffer.concat(entry.proof.hashes) : null,
      ...loggedDigest(parsed),
      signatureSha256: parsed.signatureSha256,
      certificateSha256: parsed.certificateSha256,
      sanType: bundle.sanType,
      san: bundle.san,
      issuer: bundle.issuer,
      certificate: facts && JSON.stringify(facts),
      authenticity: 'verified',
      authenticityReason: 'The bundle verified against the trust root in force.',
      claim: 'other',
      signedAt: bundle.signedAt,
      signedAtSource: bundle.signedAtSource,
      firstSeenAt: bundle.firstSeenAt,
      occurredAt: bundle.signedAt ?? bundle.firstSeenAt,
      checks: bundle.checks,
    })
    .run();
  if (parsed.material.form === 'certificate') {
    const { certificate } = parsed.material;
    joinEventCertificate(tx, { eventId: id, authenticity: 'verified', certificate, now: bundle.firstSeenAt });
  }
  return id;
}

/**
 * The place that the bundle's own proof gives. One that another entry holds already is not taken a second time: that is a
 * contradiction of the log's (`findContradiction`), and the signing is kept without a place.
 */
function placeOf(tx: Writer, { logEntries, sha256 }: ParsedBundle, origin: string | undefined) {
  const [entry] = logEntries;
  const index = entry?.proof?.index;
  if (!entry || index === undefined) return { id: stableId('event', sha256), index: null };
  const id = entryEventId(entry, origin, index);
  const isTaken = tx.select({ id: events.id }).from(events).where(eq(events.id, id)).get() !== undefined;
  return isTaken ? { id: stableId('event', sha256), index: null } : { id, index };
}

/** The digest as the entry has it; which of the three an entry takes depends on the key. */
function loggedDigest({ logEntries, signed }: ParsedBundle) {
  const decoded = logEntries[0] && decodeEntry(logEntries[0].body);
  if (decoded && !('undecided' in decoded) && decoded.digest !== null) {
    const digest = Buffer.from(decoded.digest, 'base64').toString('hex');
    return { digestAlgorithm: decoded.digestAlgorithm, digest };
  }
  for (const digestAlgorithm of ['sha256', 'sha384', 'sha512'] as const) {
    const digest = signed[digestAlgorithm];
    if (digest !== null) return { digestAlgorithm, digest };
  }
  return {};
}
