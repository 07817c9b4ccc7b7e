import { and, eq, notInArray } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { messages } from '#db/schema/alert.ts';

/** Gives up what waits for channels that the configuration does not have any more: nobody could send it. */
export function failOrphans(tx: Writer, channels: readonly string[], now: number): void {
  tx.update(messages)
    .set({ state: 'failed', problem: 'The configuration has no such channel any more.', nextAttemptAt: now })
    .where(and(eq(messages.state, 'pending'), notInArray(messages.channel, [...channels])))
    .run();
}
