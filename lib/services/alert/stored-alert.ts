import type { alerts } from '#db/schema/alert.ts';
import type { NoticeAlert } from '#lib/notify/notice.ts';
import type { AlertKind } from '#lib/provenance/alert-kind.ts';

type Row = Pick<
  typeof alerts.$inferSelect,
  'id' | 'kind' | 'severity' | 'state' | 'title' | 'statement' | 'evidence' | 'href' | 'count' | 'firstAt' | 'lastAt'
>;

/** A row of `alerts` as messages and pages have it: kind and evidence are written by `raiseAlert` alone. */
export function readAlert(row: Row): NoticeAlert {
  const { id, severity, state, title, statement, href, count, firstAt, lastAt } = row;
  const evidence = JSON.parse(row.evidence) as Readonly<Record<string, string>>;
  return { id, kind: row.kind as AlertKind, severity, state, title, statement, evidence, href, count, firstAt, lastAt };
}
