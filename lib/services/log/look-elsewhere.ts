import { and, eq, gt } from 'drizzle-orm';
import { checkpoints } from '#db/schema/log.ts';
import type { SignedCheckpoint } from '#lib/rekor/checkpoint.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { storeCheckpoint } from './store-checkpoint.ts';

/** Another place where the log's heads are shown: a witness, or a second way to the log itself. */
export interface Vantage {
  readonly kind: 'witness' | 'vantage';
  /** The witness's name, or the address. */
  readonly name: string;
  /** The head shown there, its signature by the log verified; null where there is none to show. */
  head(signal?: AbortSignal): Promise<SignedCheckpoint | null>;
}

export interface LookedElsewhere {
  /** Heads that were new. */
  readonly kept: number;
  /** In words, by the vantage's name: what could not be asked, or gave nothing that the log signed. */
  readonly problems: readonly string[];
}

/** A head that is cosigned anew every minute is one statement of the log: it is kept so seldom. */
const KEEP_AGAIN = 24 * 3_600_000;

/**
 * Takes up what a log shows elsewhere. Nothing is judged here: the next round on the log compares every head kept with the
 * tree that we verified, and freezes the log where it showed others another one.
 *
 * One place that fails holds up no other, and is no fault of the log.
 */
export async function lookElsewhere(
  ctx: ServiceContext,
  logId: number,
  vantages: readonly Vantage[],
  signal?: AbortSignal,
): Promise<LookedElsewhere> {
  const looks = await Promise.allSettled(vantages.map((vantage) => vantage.head(signal)));
  let kept = 0;
  const problems: string[] = [];
  for (const [i, look] of looks.entries()) {
    const vantage = vantages[i];
    if (!vantage) continue;
    if (look.status === 'rejected') problems.push(`${vantage.name}: ${(look.reason as Error).message}`);
    else if (look.value && keep(ctx, logId, vantage, look.value)) kept++;
  }
  signal?.throwIfAborted();
  return { kept, problems };
}

function keep(ctx: ServiceContext, logId: number, { kind, name }: Vantage, head: SignedCheckpoint): boolean {
  const { db } = ctx.database;
  const now = ctx.now();
  const same = db
    .select({ id: checkpoints.id })
    .from(checkpoints)
    .where(
      and(
        eq(checkpoints.logId, logId),
        eq(checkpoints.size, head.size),
        eq(checkpoints.root, Buffer.from(head.root)),
        eq(checkpoints.seenAt, name),
        gt(checkpoints.firstSeenAt, now - KEEP_AGAIN),
      ),
    )
    .get();
  if (same) return false;
  storeCheckpoint(db, logId, head, { seenAt: now, seenFrom: kind, place: name });
  return true;
}
