import { and, eq, gt, inArray, or } from 'drizzle-orm';
import { lookedUpEntries } from '#db/schema/certificate.ts';
import { FetchError } from '#lib/rekor/fetch-error.ts';
import { fetchLogEntry } from '#lib/rekor-v1/log-entry.ts';
import { proveEntry } from '#lib/rekor-v1/prove-entry.ts';
import { AnswerError } from '#lib/remote/answer-error.ts';
import type { RemoteClient } from '#lib/remote/client.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { recordProvenEntry } from '#lib/services/source/record-proven-entry.ts';
import type { BundleLogEntry } from '#lib/sigstore/bundle-log-entry.ts';
import type { TrustedRoot } from '#lib/sigstore/trusted-root.ts';
import type { Matcher } from '#lib/watch/match.ts';
import { certificateDigest } from './join.ts';

export interface EntryJudge {
  readonly root: TrustedRoot;
  readonly matcher: Matcher;
}

/** An entry that the index of a server named. */
export interface NamedEntry {
  readonly server: string;
  readonly uuid: string;
}

type Row = typeof lookedUpEntries.$inferInsert;
type Seen = Pick<Row, 'state' | 'reason' | 'tbsSha256' | 'eventId'>;

/** SQLite takes so many values in one statement. */
const A_QUERY = 500;
/** What was refused is looked at again so often: another trust root or version may know it. */
const AGAIN = 24 * 3_600_000;

/** Of the named entries those that are still to be looked at, in the order in which the index named them. */
export function unseenEntries(ctx: ServiceContext, server: string, uuids: readonly string[]): string[] {
  const unseen: string[] = [];
  const isDone = or(eq(lookedUpEntries.state, 'proved'), gt(lookedUpEntries.lookedAt, ctx.now() - AGAIN));
  for (let at = 0; at < uuids.length; at += A_QUERY) {
    const some = uuids.slice(at, at + A_QUERY);
    const seen = ctx.database.db
      .select({ uuid: lookedUpEntries.entryUuid })
      .from(lookedUpEntries)
      .where(and(eq(lookedUpEntries.logUrl, server), inArray(lookedUpEntries.entryUuid, some), isDone))
      .all();
    const known = new Set(seen.map(({ uuid }) => uuid));
    unseen.push(...some.filter((uuid) => !known.has(uuid)));
  }
  return unseen;
}

/** Whether one of the named entries could not be read or proved. */
export function hasRefusedEntry(ctx: ServiceContext, server: string, uuids: readonly string[]): boolean {
  const isOf = (some: readonly string[]) =>
    and(
      eq(lookedUpEntries.logUrl, server),
      inArray(lookedUpEntries.entryUuid, some),
      eq(lookedUpEntries.state, 'refused'),
    );
  for (let at = 0; at < uuids.length; at += A_QUERY) {
    const some = uuids.slice(at, at + A_QUERY);
    if (ctx.database.db.select({ at: lookedUpEntries.lookedAt }).from(lookedUpEntries).where(isOf(some)).get())
      return true;
  }
  return false;
}

/**
 * Fetches an entry, proves it, and remembers that it was looked at. Where a rule names its certificate it becomes an event,
 * which joins it with the certificate log.
 *
 * @returns `failed` where the server did not give it: it is asked for again.
 */
export async function lookAtEntry(
  ctx: ServiceContext,
  { server, uuid }: NamedEntry,
  options: EntryJudge & { readonly client: RemoteClient; readonly signal?: AbortSignal | undefined },
): Promise<'seen' | 'failed'> {
  const entry = await fetchLogEntry(options.client, server, uuid, options.signal).catch((error: unknown) => {
    if (error instanceof FetchError || error instanceof AnswerError) return error;
    throw error;
  });
  if (entry instanceof FetchError) return 'failed';
  const at = ctx.now();
  ctx.database.db.transaction(
    (tx) => {
      const seen =
        entry instanceof AnswerError ? refused(entry.message) : examine(ctx, tx, entry, { ...options, now: at });
      const row = { logUrl: server, entryUuid: uuid, lookedAt: at, ...seen };
      tx.insert(lookedUpEntries)
        .values(row)
        .onConflictDoUpdate({ target: [lookedUpEntries.logUrl, lookedUpEntries.entryUuid], set: row })
        .run();
    },
    { behavior: 'immediate' },
  );
  return 'seen';
}

type Tx = Parameters<Parameters<ServiceContext['database']['db']['transaction']>[0]>[0];

function examine(
  ctx: ServiceContext,
  tx: Tx,
  entry: BundleLogEntry,
  judge: EntryJudge & { readonly now: number },
): Seen {
  const proven = proveEntry(entry, judge.root);
  if (proven.outcome === 'refused') return refused(proven.reason);
  const { verifier, digest } = proven.body;
  const { matches } = judge.matcher.matchEntry({ digests: [digest], signatures: [verifier] });
  const tbsSha256 = verifier.form === 'certificate' ? certificateDigest(verifier.der) : null;
  if (matches.length === 0) return { ...PROVED, reason: 'It meets no rule.', tbsSha256 };
  const { root, matcher, now } = judge;
  const input = { entry, proven, root, matcher, now };
  const { eventId } = recordProvenEntry(tx, ctx.database.sqlite, input);
  return { ...PROVED, reason: 'It meets a rule.', tbsSha256, eventId };
}

const PROVED = { state: 'proved', tbsSha256: null, eventId: null } as const;

function refused(reason: string): Seen {
  return { state: 'refused', reason: reason.slice(0, 2000), tbsSha256: null, eventId: null };
}
