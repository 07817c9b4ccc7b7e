import { setImmediate } from 'node:timers/promises';
import { and, asc, eq, gt, isNotNull } from 'drizzle-orm';
import { events } from '#db/schema/event.ts';
import { logs } from '#db/schema/log.ts';
import { examineEntry } from '#lib/rekor/scan.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { addMatches } from '#lib/services/event/add-matches.ts';
import { formatOfKind } from '#lib/services/event/format-of-kind.ts';
import type { Matcher } from '#lib/watch/match.ts';

const PAGE = 500;

/**
 * Holds rules that are new or changed against every entry that is stored, whatever rule it was kept for.
 *
 * @param matcher of these rules alone.
 * @returns how many events met one of them that had not.
 */
export async function searchStored(ctx: ServiceContext, matcher: Matcher, signal?: AbortSignal): Promise<number> {
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
        for (const { id, entry, kind, api } of page) {
          if (!entry) continue;
          const candidate = examineEntry(0, entry, new Uint8Array(), matcher, formatOfKind(kind, api));
          if (candidate.matches.length > 0 && addMatches(tx, id, candidate.matches) > 0) met++;
        }
      },
      { behavior: 'immediate' },
    );
    after = page.at(-1)?.row ?? after;
    await setImmediate();
  }
}
