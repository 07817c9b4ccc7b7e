import { eq } from 'drizzle-orm';
import { alerts } from '#db/schema/alert.ts';
import type { Actor } from '#lib/services/access/actor.ts';
import { appendAudit } from '#lib/services/audit/append.ts';
import type { ServiceContext } from '#lib/services/context.ts';

/** There is no alert of this id. */
export class UnknownAlertError extends Error {
  override readonly name = 'UnknownAlertError';
}

/** What is asked for cannot be done: the message says how it can. */
export class AlertChangeError extends Error {
  override readonly name = 'AlertChangeError';
  /** The field at fault. */
  readonly at: string;

  constructor(message: string, at: string) {
    super(message);
    this.at = at;
  }
}

export const MAX_NOTE = 2000;
/** So many alerts are changed at once. */
export const MOST_AT_ONCE = 1000;

type Row = typeof alerts.$inferSelect;

export interface AlertChange {
  readonly ids: readonly string[];
  readonly actor: Actor;
  /** Why, for people; kept in the audit chain. */
  readonly note?: string | undefined;
}

export interface ChangeRule {
  /** Past tense: `alert.acknowledged`. */
  readonly action: string;
  readonly detail?: Readonly<Record<string, unknown>>;
  /** What becomes of an alert; null where it stays as it is. */
  change(row: Row, now: number): Partial<Row> | null;
}

/**
 * Changes alerts and writes down who did, in one transaction: all of them or none.
 *
 * @returns how many changed; those that were so already are not written down again.
 * @throws {UnknownAlertError}
 * @throws {AlertChangeError} for a note that is too long, or too many alerts at once.
 */
export function changeAlerts(ctx: ServiceContext, { ids, actor, note = '' }: AlertChange, rule: ChangeRule): number {
  const now = ctx.now();
  if (note.length > MAX_NOTE) throw new AlertChangeError(`The note has more than ${MAX_NOTE} characters.`, 'note');
  if (ids.length > MOST_AT_ONCE) throw new AlertChangeError(`More than ${MOST_AT_ONCE} alerts at once.`, 'ids');
  return ctx.database.db.transaction(
    (tx) => {
      let changed = 0;
      for (const id of new Set(ids)) {
        const row = tx.select().from(alerts).where(eq(alerts.id, id)).get();
        if (!row) throw new UnknownAlertError(`There is no alert ${id.slice(0, 100)}.`);
        const set = rule.change(row, now);
        if (set === null) continue;
        tx.update(alerts).set(set).where(eq(alerts.id, id)).run();
        const detail = { from: row.state, ...rule.detail, ...(note === '' ? {} : { note }) };
        appendAudit(tx, { chain: 'alerts', actor, action: rule.action, target: id, detail, at: now });
        changed++;
      }
      return changed;
    },
    { behavior: 'immediate' },
  );
}
