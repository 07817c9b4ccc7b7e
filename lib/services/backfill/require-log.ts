import { eq } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { logs } from '#db/schema/log.ts';
import { type LogRow, UnknownLogError } from '#lib/services/log/position.ts';

/** @throws {UnknownLogError} */
export function requireLog(tx: Writer, id: number): LogRow {
  const log = tx.select().from(logs).where(eq(logs.id, id)).get();
  if (!log) throw new UnknownLogError(`There is no log ${id}.`);
  return log;
}
