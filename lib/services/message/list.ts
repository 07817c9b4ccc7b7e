import { and, desc, eq, sql } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { messageAlerts, messages } from '#db/schema/alert.ts';
import type { Notice } from '#lib/notify/notice.ts';

/** A message of the outbox, as lists have it. */
export interface MessageSummary {
  readonly id: string;
  readonly channel: string;
  readonly kind: (typeof messages.$inferSelect)['kind'];
  readonly state: (typeof messages.$inferSelect)['state'];
  readonly routes: readonly string[];
  readonly heading: string;
  /** Alerts that it tells of. */
  readonly total: number;
  readonly attempts: number;
  readonly nextAttemptAt: number;
  readonly problem: string | null;
  readonly createdAt: number;
  readonly sentAt: number | null;
}

export interface MessageQuery {
  readonly channel?: string;
  /** That tell of this alert. */
  readonly alertId?: string;
  readonly state?: MessageSummary['state'];
  readonly limit: number;
}

/** Messages, the newest first. */
export async function listMessages({ db }: OpenDatabase, query: MessageQuery): Promise<readonly MessageSummary[]> {
  const { channel, alertId, state, limit } = query;
  const told = db
    .select({ id: messageAlerts.messageId })
    .from(messageAlerts)
    .where(eq(messageAlerts.alertId, alertId ?? ''));
  return db
    .select()
    .from(messages)
    .where(
      and(
        channel === undefined ? undefined : eq(messages.channel, channel),
        state === undefined ? undefined : eq(messages.state, state),
        alertId === undefined ? undefined : sql`${messages.id} IN ${told}`,
      ),
    )
    .orderBy(desc(messages.createdAt), sql`rowid DESC`)
    .limit(limit)
    .all()
    .map(summaryOf);
}

/** One message; null where there is none of this id. */
export async function getMessage({ db }: OpenDatabase, id: string): Promise<MessageSummary | null> {
  const row = db.select().from(messages).where(eq(messages.id, id)).get();
  return row ? summaryOf(row) : null;
}

/** Content and routes are written by `putMessage` alone. */
function summaryOf({ content, dedupKey: _, routes, ...row }: typeof messages.$inferSelect): MessageSummary {
  const { heading, total } = JSON.parse(content) as Notice;
  return { ...row, routes: JSON.parse(routes) as readonly string[], heading, total };
}
