import { eq } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { alerts } from '#db/schema/alert.ts';
import { type AuditEntry, listAudit } from '#lib/services/audit/list.ts';
import { listMessages, type MessageSummary } from '#lib/services/message/list.ts';
import { type ListedAlert, listedOf } from './list.ts';

const MOST_MESSAGES = 50;
const MOST_ENTRIES = 200;

export interface AlertDetail extends ListedAlert {
  /** What was done about it, the newest first. */
  readonly history: readonly AuditEntry[];
  /** Messages that told of it, the newest first. */
  readonly messages: readonly MessageSummary[];
  /** Whether its cause was there when it was last looked for. */
  readonly isStanding: boolean;
}

/** All about one alert; null where there is none of this id. */
export async function getAlert(database: OpenDatabase, id: string): Promise<AlertDetail | null> {
  const row = database.db.select().from(alerts).where(eq(alerts.id, id)).get();
  if (!row) return null;
  const [history, messages] = await Promise.all([
    listAudit(database, { chain: 'alerts', target: id, limit: MOST_ENTRIES }),
    listMessages(database, { alertId: id, limit: MOST_MESSAGES }),
  ]);
  return { ...listedOf(row), history, messages, isStanding: row.standing };
}
