import { ALERT } from '#lib/provenance/alert-words.ts';
import { formatIso } from '#lib/provenance/format.ts';
import { type Delivery, linkTo, type NoticeAlert } from './notice.ts';

const TYPES = { alert: 'alert.raised', resolved: 'alert.resolved', digest: 'alert.digest', test: 'test' } as const;

/** A message as programs get it: webhooks as their body, hook scripts as their input. docs/alerts.md describes it. */
export function payloadOf({ id, notice, address, organisation }: Delivery): string {
  const { kind, heading, alerts, total, at } = notice;
  return JSON.stringify({
    type: TYPES[kind],
    timestamp: formatIso(at),
    data: {
      id,
      organisation,
      heading,
      total,
      alerts: alerts.map((alert) => alertOf(alert, address)),
    },
  });
}

function alertOf(alert: NoticeAlert, address: string | null) {
  const { id, kind, severity, state, title, statement, evidence, href, count, firstAt, lastAt } = alert;
  return {
    id,
    kind,
    severity,
    state,
    title,
    statement,
    how: ALERT[kind].how,
    next: ALERT[kind].next,
    evidence,
    count,
    firstAt: formatIso(firstAt),
    lastAt: formatIso(lastAt),
    url: linkTo(address, id),
    subjectUrl: address === null ? null : `${address}${href}`,
  };
}
