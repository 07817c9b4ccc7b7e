import { and, asc, eq, inArray, isNotNull, isNull } from 'drizzle-orm';
import { issuedCertificates } from '#db/schema/certificate.ts';
import { parseMerkleLeaf } from '#lib/ct/merkle-leaf.ts';
import { FetchError } from '#lib/rekor/fetch-error.ts';
import { type IndexQuestion, searchIndex } from '#lib/rekor-v1/search-index.ts';
import { AnswerError } from '#lib/remote/answer-error.ts';
import type { RemoteClient } from '#lib/remote/client.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { CertificateFacts } from '#lib/watch/certificate.ts';
import { type EntryJudge, hasRefusedEntry, lookAtEntry, unseenEntries } from './look-at-entry.ts';
import { SubjectSupport } from './subject-support.ts';

export interface LookUpOptions extends EntryJudge {
  /** Addresses of Rekor v1 servers. */
  readonly servers: readonly string[];
  readonly client: RemoteClient;
  /** Milliseconds after which a certificate that nobody can be asked about is not covered. */
  readonly after: number;
  /** Requests in one round, in all. */
  readonly requests?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface LookUpResult {
  readonly requests: number;
  /** Entries looked at. */
  readonly entries: number;
  /** Addresses asked for. */
  readonly asked: number;
}

type Issued = typeof issuedCertificates.$inferSelect;

const REQUESTS = 200;
/** Entries of one name in one round: anybody can log what names an address, as often as they like. */
const ENTRIES_OF_NAME = 50;
const CANDIDATES = 500;
/** So many names in a row without an answer end the round. */
const PATIENCE = 3;
/** A name that was asked for is asked for again after a minute, then two, then four, up to six hours. */
const FIRST_WAIT = 60_000;
const LONGEST_WAIT = 6 * 3_600_000;

/**
 * The way round for Rekor v1 logs that are too large to be read: asks their index for the names in issued certificates that
 * no entry has been found for, and looks at each entry that it names once. Whatever proves to be signed with one of the
 * certificates becomes an event and makes it `used`. That the index names nothing proves nothing.
 *
 * @throws {FetchError | AnswerError} where a server answers no question any more.
 */
export async function lookUpCertificates(ctx: ServiceContext, options: LookUpOptions): Promise<LookUpResult> {
  const budget = new Budget(options.requests ?? REQUESTS);
  const support = new SubjectSupport(ctx, options.client);
  const result = { entries: 0, asked: 0 };
  let failures = 0;
  for (const certificates of groupByQuestion(dueCertificates(ctx, options.after))) {
    const [first] = certificates;
    if (!first || budget.left === 0) break;
    options.signal?.throwIfAborted();
    result.asked++;
    noteTry(ctx, certificates);
    const outcome = await lookUpName(ctx, first, { budget, support }, options).catch((error: unknown) => {
      if (error instanceof FetchError || error instanceof AnswerError) return error;
      throw error;
    });
    if (!(outcome instanceof Error)) {
      failures = 0;
      result.entries += outcome.entries;
      noteLook(ctx, certificates, outcome, options.after);
    } else if (++failures === PATIENCE) {
      throw outcome;
    }
  }
  return { ...result, requests: budget.spent };
}

class Budget {
  left: number;
  spent = 0;

  constructor(requests: number) {
    this.left = requests;
  }

  spend(): boolean {
    if (this.left === 0) return false;
    this.left--;
    this.spent++;
    return true;
  }
}

/** Waiting certificates whose turn it is, those that were tried longest ago first. */
function dueCertificates(ctx: ServiceContext, after: number): Issued[] {
  const now = ctx.now();
  return ctx.database.db
    .select()
    .from(issuedCertificates)
    .where(
      and(
        eq(issuedCertificates.state, 'waiting'),
        isNull(issuedCertificates.undecided),
        isNotNull(issuedCertificates.san),
      ),
    )
    .orderBy(asc(issuedCertificates.triedAt), asc(issuedCertificates.issuedAt))
    .limit(CANDIDATES)
    .all()
    .filter(({ lookedUpAt, lookUps, issuedAt }) => {
      if (lookedUpAt === null) return true;
      // Its last look decides, and must come after its time was up.
      const due = issuedAt + after;
      if (lookedUpAt < due && due <= now) return true;
      const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.max(0, Math.min(lookUps - 1, 20)));
      return lookedUpAt + wait <= now;
    });
}

/** Certificates of one name are asked for once; a final certificate, which the log itself may know, by itself. */
function groupByQuestion(certificates: readonly Issued[]): Issued[][] {
  const groups = new Map<string, Issued[]>();
  for (const certificate of certificates) {
    const key = certificate.kind === 'x509' ? certificate.id : JSON.stringify([certificate.sanType, certificate.san]);
    groups.set(key, [...(groups.get(key) ?? []), certificate]);
  }
  return [...groups.values()];
}

interface Outcome {
  readonly entries: number;
  /**
   * `partial`: entries are left for the next round. `unasked`: no server can be asked for such a name. `unreadable`: one of
   * the entries named cannot be read, and may be the one.
   */
  readonly look: 'whole' | 'partial' | 'unasked' | 'unreadable' | 'failed';
}

async function lookUpName(
  ctx: ServiceContext,
  certificate: Issued,
  { budget, support }: { readonly budget: Budget; readonly support: SubjectSupport },
  options: LookUpOptions,
): Promise<Outcome> {
  const question = questionOf(certificate);
  if (!question) return { entries: 0, look: 'unasked' };
  let entries = 0;
  let look: Outcome['look'] = 'whole';
  for (const server of options.servers) {
    if (!budget.spend()) return { entries, look: 'partial' };
    const named = await ask(options, server, question);
    if (named !== null && named.length > 0 && 'subject' in question) support.hasAnswered(server);
    const isAnswer =
      named !== null &&
      (named.length > 0 ||
        !('subject' in question) ||
        (await support.isKnownBy(server, () => budget.spend(), options.signal)));
    if (isAnswer === undefined) return { entries, look: 'partial' };
    if (!isAnswer) {
      if (look === 'whole') look = 'unasked';
      continue;
    }
    const unseen = unseenEntries(ctx, server, named);
    for (const uuid of unseen.slice(0, ENTRIES_OF_NAME)) {
      if (!budget.spend()) return { entries, look: 'partial' };
      const outcome = await lookAtEntry(ctx, { server, uuid }, options);
      if (outcome === 'failed') look = 'failed';
      else entries++;
    }
    if (unseen.length > ENTRIES_OF_NAME) look = 'partial';
    else if (look === 'whole' && hasRefusedEntry(ctx, server, named)) look = 'unreadable';
  }
  return { entries, look };
}

/** Null where the server cannot be asked this: older ones know no names but mailboxes. */
async function ask({ client, signal }: LookUpOptions, server: string, question: IndexQuestion) {
  try {
    return await searchIndex(client, server, question, signal);
  } catch (error) {
    const isRefused = error instanceof FetchError && error.code === 'unexpected-status';
    if (isRefused && 'subject' in question) return null;
    throw error;
  }
}

function questionOf({ kind, leaf, san, sanType, certificate }: Issued): IndexQuestion | null {
  if (kind === 'x509') return { certificate: parseMerkleLeaf(leaf).der };
  const facts = certificate ? (JSON.parse(certificate) as CertificateFacts) : null;
  // A name with anything odd in it is not shown as it stands, and could not be asked for.
  if (!san || (facts?.sans[0]?.anomalies.length ?? 1) > 0) return null;
  return sanType === 'email' ? { email: san } : { subject: san };
}

function noteTry(ctx: ServiceContext, certificates: readonly Issued[]): void {
  const ids = certificates.map(({ id }) => id);
  ctx.database.db
    .update(issuedCertificates)
    .set({ triedAt: ctx.now() })
    .where(inArray(issuedCertificates.id, ids))
    .run();
}

/** A look that was not whole is not noted: the name is due again in the next round. */
function noteLook(ctx: ServiceContext, certificates: readonly Issued[], { look }: Outcome, after: number): void {
  if (look === 'partial' || look === 'failed') return;
  const { db } = ctx.database;
  const now = ctx.now();
  for (const { id, lookUps, issuedAt } of certificates) {
    // Until its time is up, a log that is read may still show an entry.
    const isOver = look !== 'whole' && issuedAt + after <= now;
    const over = isOver ? ({ state: 'not-covered', reason: NOT_COVERED[look] } as const) : {};
    db.update(issuedCertificates)
      .set({ lookedUpAt: now, lookUps: lookUps + 1, ...over })
      .where(and(eq(issuedCertificates.id, id), eq(issuedCertificates.state, 'waiting')))
      .run();
  }
}

const NOT_COVERED = {
  unasked: 'The index of Rekor v1 cannot be asked for a name of this kind, and its entries are not read.',
  unreadable: 'The index of Rekor v1 names entries of it that cannot be read or proved: one of them may be the one.',
} as const;
