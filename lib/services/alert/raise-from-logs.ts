import { and, eq, isNull } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { logFaults, logs } from '#db/schema/log.ts';
import { ALERT } from '#lib/provenance/alert-words.ts';
import { inTitle } from './event-alert.ts';
import { raiseAlert } from './raise.ts';
import { settleAlerts, standingAlerts } from './settle.ts';

const KIND = 'log-misbehaviour';

/** Raises proved misbehaviour of logs, each fault once; it is settled when somebody has closed it (`modeltrail log thaw`). */
export function raiseFromLogs(tx: Writer, now: number): void {
  const open = tx
    .select({
      id: logFaults.id,
      code: logFaults.code,
      message: logFaults.message,
      logId: logs.id,
      origin: logs.origin,
    })
    .from(logFaults)
    .innerJoin(logs, eq(logs.id, logFaults.logId))
    .where(and(eq(logFaults.severity, 'misbehaviour'), isNull(logFaults.resolvedAt)))
    .all();
  const standing = new Map(standingAlerts(tx, [KIND]).map(({ subject, id }) => [subject, id]));
  for (const { id, code, message, logId, origin } of open) {
    const subject = `fault:${id}`;
    if (standing.delete(subject)) continue;
    raiseAlert(tx, {
      kind: KIND,
      severity: ALERT[KIND].severity,
      subject,
      title: `${inTitle(origin)} contradicted itself, and is frozen`,
      statement: message,
      evidence: { log: origin, fault: code },
      href: `/logs/${logId}`,
      now,
    });
  }
  settleAlerts(
    tx,
    [...standing].filter(([subject]) => subject.startsWith('fault:')).map(([, id]) => id),
    now,
  );
}
