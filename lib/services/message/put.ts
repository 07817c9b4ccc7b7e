import { hash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { preparedIn } from '#db/prepared.ts';
import { messageAlerts, messages } from '#db/schema/alert.ts';
import { randomId } from '#lib/ids.ts';
import type { Notice } from '#lib/notify/notice.ts';

export interface MessageInput {
  readonly channel: string;
  /** Names of the routes that led here. */
  readonly routes: readonly string[];
  readonly notice: Notice;
  /** Every alert that it tells of, also those that it only counts. */
  readonly alertIds: readonly string[];
  /** What makes it the same message: with the channel, it is put into the outbox once. */
  readonly occasion: readonly (string | number)[];
  readonly now: number;
}

const toldAlert = preparedIn((tx) =>
  tx
    .insert(messageAlerts)
    .values({ messageId: sql.placeholder('id'), alertId: sql.placeholder('alertId') })
    .prepare(),
);

/**
 * Puts a message into the outbox, in the transaction of what it tells of.
 *
 * @returns its id; null where the same one is there already.
 */
export function putMessage(tx: Writer, input: MessageInput): string | null {
  const { channel, routes, notice, alertIds, occasion, now } = input;
  const id = randomId('message');
  const { changes } = tx
    .insert(messages)
    .values({
      id,
      channel,
      kind: notice.kind,
      routes: JSON.stringify(routes),
      dedupKey: hash('sha256', JSON.stringify([channel, notice.kind, ...occasion])),
      content: JSON.stringify(notice),
      state: 'pending',
      nextAttemptAt: now,
      createdAt: now,
    })
    .onConflictDoNothing({ target: messages.dedupKey })
    .run();
  if (changes === 0) return null;
  for (const alertId of new Set(alertIds)) toldAlert(tx).run({ id, alertId });
  return id;
}
