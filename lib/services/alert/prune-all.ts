import { setTimeout } from 'node:timers/promises';
import type { ServiceContext } from '#lib/services/context.ts';
import { pruneMessages } from '#lib/services/message/prune.ts';
import type { AlertPlace } from './list.ts';
import { type Pruned, pruneAlerts } from './prune.ts';
import { alertSettings } from './settings.ts';

/** Milliseconds between two transactions, so that others who wait to write may. */
const PAUSE = 5;

export interface PrunedAll {
  readonly messages: number;
  readonly dropped: number;
  readonly shortened: number;
}

/** Drops messages and alerts that are older than the configuration keeps them (`alerts.keep`), a bounded batch a transaction. */
export async function pruneAll(ctx: ServiceContext, signal?: AbortSignal): Promise<PrunedAll> {
  const { db } = ctx.database;
  const now = ctx.now();
  const before = now - alertSettings(db).keep;
  const sum = { messages: 0, dropped: 0, shortened: 0 };
  for (let gone = 1; gone > 0; ) {
    signal?.throwIfAborted();
    gone = db.transaction((tx) => pruneMessages(tx, before), { behavior: 'immediate' });
    sum.messages += gone;
    if (gone > 0) await setTimeout(PAUSE, undefined, { signal });
  }
  let after: AlertPlace | null = null;
  for (let isMore = true; isMore; ) {
    signal?.throwIfAborted();
    const place: AlertPlace | null = after;
    const done: Pruned = db.transaction((tx) => pruneAlerts(tx, { before, after: place, now }), {
      behavior: 'immediate',
    });
    sum.dropped += done.dropped;
    sum.shortened += done.shortened;
    after = done.next;
    isMore = after !== null;
    if (isMore) await setTimeout(PAUSE, undefined, { signal });
  }
  return sum;
}
