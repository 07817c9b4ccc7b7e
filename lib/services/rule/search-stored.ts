import { setImmediate } from 'node:timers/promises';
import { and, asc, eq, gt, isNotNull } from 'drizzle-orm';
import { events } from '#db/schema/event.ts';
import { logs } from '#db/schema/log.ts';
import { examineEntry } from '#lib/rekor/scan.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { addMatches } from '#lib/services/event/add-matches.ts';
import { formatOfKind } from '#lib/services/event/format-of-kind.ts';
import { settleEvents } from '#lib/services/settle.ts';
import type { Standards } from '#lib/services/standards.ts';
import type { Matcher } from '#lib/watch/match.ts';

const PAGE = 500;

/**
 * Holds rules that are new or changed against every entry that is stored, whatever rule it was kept for.
 *
 * What its signers state counts from now on, where a rule makes an event the organisation's own.
 *
 * @param matcher of these rules alone.
 * @returns how many events met one of them that had not.
 */
export async function searchStored(
  ctx: ServiceContext,
  matcher: Matcher,
  { policies }: Pick<Standards, 'policies'>,
  signal?: AbortSignal,
): Promise<number> {
  const { db } = ctx.database;
  let met = 0;
  for (let after = 0; ; ) {
    signal?.throwIfAborted();
    const page = db
      .select({ row: events.row, id: events.id, entry: events.entry, kind: events.kind, api: logs.api })
      .from(events)
      .leftJoin(logs, eq(logs.id, events.logId))
      .where(and(gt(events.row, after), isNotNull(events.entry)))
      .orderBy(asc(events.row))
      .limit(PAGE)
      .all();
    if (page.length === 0) return met;
    db.transaction(
      (tx) => {
        const found = page.flatMap(({ id, entry, kind, api }) => {
          if (!entry) return [];
          const candidate = examineEntry(0, entry, new Uint8Array(), matcher, formatOfKind(kind, api));
          return candidate.matches.length > 0 && addMatches(tx, id, candidate.matches) > 0 ? [id] : [];
        });
        met += found.length;
        settleEvents(tx, found, { policies, now: ctx.now() });
      },
      { behavior: 'immediate' },
    );
    after = page.at(-1)?.row ?? after;
    await setImmediate();
  }
}
