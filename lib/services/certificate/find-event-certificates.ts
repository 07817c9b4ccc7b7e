import { hash, type X509Certificate } from 'node:crypto';
import { and, asc, eq, isNotNull, lte, or } from 'drizzle-orm';
import { eventCertificates } from '#db/schema/certificate.ts';
import { logs } from '#db/schema/log.ts';
import { encodeMerkleLeaf } from '#lib/ct/merkle-leaf.ts';
import { parseSctList, type SignedTimestamp } from '#lib/ct/sct-list.ts';
import { FetchError } from '#lib/rekor/fetch-error.ts';
import { LogDataError } from '#lib/rekor/log-data-error.ts';
import type { TreeHead } from '#lib/rekor/log-reader.ts';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { recordFault } from '#lib/services/log/record-fault.ts';
import { verifiedHead } from '#lib/services/log/verified-head.ts';
import { findChains } from '#lib/sigstore/chain.ts';
import { type LeafCertificate, readLeafCertificate } from '#lib/sigstore/leaf-certificate.ts';
import { readScts } from '#lib/sigstore/sct.ts';
import type { TrustedRoot } from '#lib/sigstore/trusted-root.ts';
import { utc } from '#lib/sigstore/validity.ts';
import { hashLeaf } from '#lib/tlog/hash.ts';
import { normaliseTbs } from '#lib/watch/normalised-tbs.ts';
import type { FollowedCertificateLog } from './certificate-logs.ts';

/** A certificate log that can be asked whether it has a leaf. */
export interface FoundLog {
  readonly log: FollowedCertificateLog;
  /**
   * The index of the leaf in the tree of a head, proved; null where by the log's word it is not there.
   *
   * @throws {FetchError | LogDataError}
   */
  find(head: TreeHead, leafHash: Uint8Array, sct: SignedTimestamp, signal?: AbortSignal): Promise<number | null>;
  /** When the log signed a head that is stored; milliseconds since the epoch. */
  signedAt(note: string): number | undefined;
}

export interface FindOptions {
  readonly root: TrustedRoot;
  /** Certificate logs that are followed. */
  readonly logs: readonly FoundLog[];
  /** Milliseconds that a certificate log has to keep its promise. */
  readonly after: number;
  readonly signal?: AbortSignal | undefined;
}

type Verdict = Pick<typeof eventCertificates.$inferInsert, 'state' | 'reason'>;

/** So many are looked for in one round, each with a request. */
const MOST = 200;
/** Those that are missing are looked for again so often: a log may be late. */
const AGAIN = 3_600_000;
const SCT_LIST = '1.3.6.1.4.1.11129.2.4.2';

/**
 * Looks for the certificates of events in the certificate logs that promised to hold them. The certificate and the promise
 * in it give the very leaf, so that its place is asked for by hash and proved, whoever watches for whom.
 *
 * `missing` is said only where the log signed that promise, and signed later a tree in which, by its own word, it is not.
 *
 * @returns how many were settled.
 */
export async function findEventCertificates(ctx: ServiceContext, options: FindOptions): Promise<number> {
  const { db } = ctx.database;
  const waiting = db
    .select()
    .from(eventCertificates)
    .where(
      and(
        isNotNull(eventCertificates.certificate),
        or(
          eq(eventCertificates.state, 'waiting'),
          and(eq(eventCertificates.state, 'missing'), lte(eventCertificates.checkedAt, ctx.now() - AGAIN)),
        ),
      ),
    )
    .orderBy(asc(eventCertificates.checkedAt))
    .limit(MOST)
    .all();
  let settled = 0;
  for (const { eventId, certificate } of waiting) {
    options.signal?.throwIfAborted();
    if (!certificate) continue;
    const verdict = await find(ctx, certificate, options);
    if (!verdict) continue;
    const isOpen = verdict.state === 'waiting' || verdict.state === 'missing';
    if (!isOpen) settled++;
    db.update(eventCertificates)
      .set({ ...verdict, ...(!isOpen && { certificate: null }), checkedAt: ctx.now() })
      .where(and(eq(eventCertificates.eventId, eventId), eq(eventCertificates.certificate, certificate)))
      .run();
  }
  return settled;
}

/** Null where a log gave no usable answer: it is asked again. */
async function find(ctx: ServiceContext, der: Buffer, options: FindOptions): Promise<Verdict | null> {
  const leaf = readLeafCertificate(der);
  const [chain] = leaf ? findChains(leaf.x509, options.root.certificateAuthorities) : [];
  const issuer = chain?.path[1];
  if (!leaf || !issuer) {
    return { state: 'not-covered', reason: 'No authority of the trust root issued the certificate.' };
  }
  const promises = promisesOf(leaf, issuer, options);
  let verdict: Verdict | null = null;
  for (const { sct, asked } of promises) {
    const answer = await askLog(ctx, asked, sct, leafHashOf(der, issuer, sct), options);
    if (answer?.state === 'in-ct') return answer;
    verdict = answer?.state === 'missing' ? answer : (verdict ?? answer);
  }
  if (promises.length > 0) return verdict;
  return { state: 'not-covered', reason: 'No certificate log that we follow has vouched for the certificate.' };
}

/** The promises in the certificate that a followed log signed. */
function promisesOf(leaf: LeafCertificate, issuer: X509Certificate, { root, logs: asked }: FindOptions) {
  // The extension holds an OCTET STRING, which holds the list.
  const list = leaf.sigstore.extension(SCT_LIST)?.valueObj.subs[0]?.value;
  if (!list) return [];
  try {
    const signed = readScts(leaf, issuer, root.ctLogs).filter(({ state }) => state === 'verified');
    return parseSctList(list).flatMap((sct) => {
      const isSigned = signed.some(({ logId, at }) => logId === sct.logId && at === sct.timestamp);
      const log = asked.find((candidate) => candidate.log.logId === sct.logId);
      return isSigned && log ? [{ sct, asked: log }] : [];
    });
  } catch {
    // A list that cannot be read promises nothing; the event says so itself.
    return [];
  }
}

/** The leaf that the log promised, by its hash (RFC 6962, 3.4). */
function leafHashOf(der: Uint8Array, issuer: X509Certificate, { timestamp, extensions }: SignedTimestamp): Uint8Array {
  const spki = issuer.publicKey.export({ type: 'spki', format: 'der' });
  const leaf = encodeMerkleLeaf({
    timestamp,
    der: normaliseTbs(der, 'certificate'),
    issuerKeyHash: hash('sha256', spki, 'buffer'),
    extensions,
  });
  return hashLeaf(leaf, nodeSha256);
}

async function askLog(
  ctx: ServiceContext,
  { log, find: findIn, signedAt: timeOf }: FoundLog,
  sct: SignedTimestamp,
  leafHash: Uint8Array,
  { after, signal }: FindOptions,
): Promise<Verdict | null> {
  const row = ctx.database.db.select().from(logs).where(eq(logs.origin, log.origin)).get();
  const head = row?.state === 'following' ? verifiedHead(ctx, row) : undefined;
  if (!row || !head) return null;
  const signedAt = timeOf(head.note) ?? 0;
  try {
    const index = await findIn(head, leafHash, sct, signal);
    if (index !== null) {
      return { state: 'in-ct', reason: `${log.origin} has it as entry ${index} of its tree of ${head.size}.` };
    }
  } catch (error) {
    if (!(error instanceof FetchError || error instanceof LogDataError)) throw error;
    recordFault(ctx, row, error);
    return null;
  }
  if (signedAt < sct.timestamp + after) {
    return { state: 'waiting', reason: `${log.origin} promised to hold it, and has time to.` };
  }
  return {
    state: 'missing',
    reason:
      `${log.origin} signed at ${utc(sct.timestamp)} that it would hold the certificate, and by its own word ` +
      `does not have it in the tree of ${head.size} that it signed at ${utc(signedAt)}.`,
  };
}
