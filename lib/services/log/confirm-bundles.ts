import { and, asc, desc, eq, lt } from 'drizzle-orm';
import { events } from '#db/schema/event.ts';
import { checkpoints } from '#db/schema/log.ts';
import type { SignerPolicies } from '#lib/provenance/expected-signer.ts';
import { AuthenticatedTree } from '#lib/rekor/authenticated-tree.ts';
import { LogDataError } from '#lib/rekor/log-data-error.ts';
import { inlineProcessor } from '#lib/rekor/process-bundle.ts';
import { leavesOf, readBundle } from '#lib/rekor/read-entries.ts';
import { examineEntry } from '#lib/rekor/scan.ts';
import type { TileSource } from '#lib/rekor/tile-client.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { buildEvent, type CertificateJudge } from '#lib/services/event/build.ts';
import { recordEvent } from '#lib/services/event/record.ts';
import { settleEvents } from '#lib/services/settle.ts';
import { toHex } from '#lib/tlog/hex.ts';
import { TILE_WIDTH } from '#lib/tlog/tile.ts';
import type { Matcher } from '#lib/watch/match.ts';
import { placeUnder } from './entry-place.ts';
import { type LogRow, readLog } from './position.ts';

/** So many bundles are confirmed in one round, each with one request or two. */
const MOST = 32;

export interface ConfirmOptions {
  readonly source: TileSource;
  readonly matcher: Matcher;
  readonly judge: CertificateJudge;
  readonly policies: SignerPolicies;
  readonly signal?: AbortSignal;
}

/**
 * Looks up the entries that bundles have shown us after the tail had passed them, or before it began: each is read from
 * the log and bound to our own verified tree, so that the bundle's proof is no longer all there is.
 *
 * @param seenAt when the log was looked at, in milliseconds since the epoch.
 * @throws {LogDataError} `inconsistent` where the log has another entry there than it proved to the bundle's maker.
 */
export async function confirmBundles(
  ctx: ServiceContext,
  logId: number,
  seenAt: number,
  options: ConfirmOptions,
): Promise<number> {
  const { db, sqlite } = ctx.database;
  const row = readLog(db, logId);
  const waiting = db
    .select({ index: events.logIndex, leafHash: events.leafHash })
    .from(events)
    .where(and(eq(events.logId, logId), eq(events.seenBy, 'bundle'), lt(events.logIndex, row.verifiedSize)))
    .orderBy(asc(events.logIndex))
    .limit(MOST)
    .all();
  const head = waiting.length > 0 ? verifiedHead(ctx, row) : undefined;
  if (!head) return 0;
  const tree = await AuthenticatedTree.open(options.source, head, options.signal);
  const place = placeUnder(row, head, seenAt, null);
  for (const { index, leafHash } of waiting) {
    if (index === null || leafHash === null) continue;
    const { entry, leaves } = await readEntry(tree, index, options);
    const leaf = leaves[index % TILE_WIDTH] ?? new Uint8Array();
    if (toHex(leaf) !== leafHash) throw otherEntry(row, index, leafHash, toHex(leaf), head.note);
    const candidate = examineEntry(index, entry, leaf, options.matcher);
    const inclusionProof = await tree.inclusionProof(index, leaves);
    const event = buildEvent(candidate, { ...place, inclusionProof }, options.judge);
    db.transaction(
      (tx) => {
        recordEvent(tx, sqlite, event);
        settleEvents(tx, [event.row.id], { policies: options.policies, now: ctx.now() });
      },
      { behavior: 'immediate' },
    );
  }
  return waiting.length;
}

function verifiedHead(ctx: ServiceContext, row: LogRow) {
  return ctx.database.db
    .select()
    .from(checkpoints)
    .where(
      and(eq(checkpoints.logId, row.id), eq(checkpoints.state, 'verified'), eq(checkpoints.size, row.verifiedSize)),
    )
    .orderBy(desc(checkpoints.id))
    .get();
}

async function readEntry(tree: AuthenticatedTree, index: number, { source, matcher, signal }: ConfirmOptions) {
  const processor = inlineProcessor(matcher, () => true);
  const processed = await readBundle(source, tree, Math.floor(index / TILE_WIDTH), 0, processor, signal);
  const entry = processed.kept.find((kept) => kept.index === index)?.bytes ?? new Uint8Array();
  return { entry, leaves: leavesOf(processed) };
}

function otherEntry(row: LogRow, index: number, proved: string, found: string, held: string): LogDataError {
  return new LogDataError(
    'inconsistent',
    `${row.origin} proved to the maker of a bundle that entry ${index} has the leaf ${proved}, but its tree that we verified has ${found} there.`,
    { held, index: String(index), 'leaf in the bundle': proved, 'leaf in our tree': found },
  );
}
