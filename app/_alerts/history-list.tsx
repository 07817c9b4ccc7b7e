import { nameOfActor } from '#lib/services/access/actor.ts';
import type { AuditEntry } from '#lib/services/audit/list.ts';
import { Time } from '../_ui/time.tsx';
import { Value } from '../_ui/value.tsx';

const DONE: Readonly<Record<string, string>> = {
  'alert.acknowledged': 'acknowledged it',
  'alert.muted': 'muted it',
  'alert.unmuted': 'unmuted it',
  'alert.resolved': 'resolved it',
};

/** What was done about an alert, by whom and why. */
export function HistoryList({ history }: { history: readonly AuditEntry[] }) {
  return (
    <ol className="divide-y divide-line">
      {history.map(({ row, at, actor, action, detail }) => (
        <li key={row} className="flex flex-col gap-x-4 px-4 py-2 md:flex-row">
          <span className="text-muted">
            <Time at={at} />
          </span>
          <span className="min-w-0 wrap-anywhere">
            <Value value={nameOfActor(actor)} limit={80} isText /> {DONE[action] ?? action}
            {typeof detail.until === 'string' ? (
              <>
                {' '}
                until <Time at={Date.parse(detail.until)} />
              </>
            ) : null}
            {typeof detail.note === 'string' ? (
              <>
                : <Value value={detail.note} limit={2000} isText />
              </>
            ) : null}
          </span>
        </li>
      ))}
    </ol>
  );
}
