import { eq, sql } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { preparedIn } from '#db/prepared.ts';
import { alertCursors } from '#db/schema/alert.ts';

const cursorOf = preparedIn((tx) =>
  tx
    .select({ position: alertCursors.position })
    .from(alertCursors)
    .where(eq(alertCursors.source, sql.placeholder('source')))
    .prepare(),
);

/** How far a place that alerts come from was gone through; null where it never was. */
export function readCursor(tx: Writer, source: string): number | null {
  return cursorOf(tx).get({ source })?.position ?? null;
}

/** In the transaction of what was read up to there. */
export function moveCursor(tx: Writer, source: string, position: number): void {
  tx.insert(alertCursors)
    .values({ source, position })
    .onConflictDoUpdate({ target: alertCursors.source, set: { position } })
    .run();
}

export function dropCursor(tx: Writer, source: string): void {
  tx.delete(alertCursors).where(eq(alertCursors.source, source)).run();
}
