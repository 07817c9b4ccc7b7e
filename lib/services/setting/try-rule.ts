import { setImmediate } from 'node:timers/promises';
import { and, desc, eq, isNotNull, lt } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { events } from '#db/schema/event.ts';
import { logs } from '#db/schema/log.ts';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import { examineEntry } from '#lib/rekor/scan.ts';
import { formatOfKind } from '#lib/services/event/format-of-kind.ts';
import { strongestMatches } from '#lib/watch/match-strength.ts';
import { compileRules, type RuleMatch, type WatchRule } from '#lib/watch/rule.ts';

const PAGE = 100;
const MAX_EXAMPLES = 5;
/** Milliseconds: a page waits for it. */
const BUDGET = 1500;

export interface TriedEvent {
  readonly id: string;
  readonly san: string | null;
  readonly issuer: string | null;
  /** Milliseconds since the epoch. */
  readonly occurredAt: number;
  readonly match: Pick<RuleMatch, 'field' | 'value' | 'how'>;
}

/** What a rule would meet among the entries that are stored. */
export interface RuleTrial {
  readonly looked: number;
  readonly met: number;
  /** The newest. */
  readonly examples: readonly TriedEvent[];
  /** False where the time was over before all was looked at. */
  readonly isWhole: boolean;
}

/**
 * Holds a rule against stored entries, the newest first, as the jobs would, and stores nothing. Entries of logs that no
 * rule met yet are not stored, and cannot be tried.
 *
 * @param options.budget milliseconds after which no more entries are looked at.
 */
export async function tryRule(
  { db }: OpenDatabase,
  rule: WatchRule,
  options: { readonly budget?: number } = {},
): Promise<RuleTrial> {
  const matcher = compileRules([rule], nodeSha256);
  const end = performance.now() + (options.budget ?? BUDGET);
  const examples: TriedEvent[] = [];
  let looked = 0;
  let met = 0;
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const page = db
      .select({
        row: events.row,
        id: events.id,
        entry: events.entry,
        kind: events.kind,
        api: logs.api,
        san: events.san,
        issuer: events.issuer,
        occurredAt: events.occurredAt,
      })
      .from(events)
      .leftJoin(logs, eq(logs.id, events.logId))
      .where(and(lt(events.row, before), isNotNull(events.entry)))
      .orderBy(desc(events.row))
      .limit(PAGE)
      .all();
    for (const { entry, kind, api, id, san, issuer, occurredAt } of page) {
      if (performance.now() > end) return { looked, met, examples, isWhole: false };
      looked++;
      if (!entry) continue;
      const { matches } = examineEntry(0, entry, new Uint8Array(), matcher, formatOfKind(kind, api));
      const [match] = strongestMatches(matches);
      if (match === undefined) continue;
      met++;
      if (examples.length < MAX_EXAMPLES) examples.push({ id, san, issuer, occurredAt, match });
    }
    if (page.length < PAGE) return { looked, met, examples, isWhole: true };
    before = page.at(-1)?.row ?? 0;
    await setImmediate();
  }
}
