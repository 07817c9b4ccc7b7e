import { nameOfActor } from '#lib/services/access/actor.ts';
import type { AuditEntry } from '#lib/services/audit/list.ts';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { Time } from '../_ui/time.tsx';
import { Value } from '../_ui/value.tsx';

/** What was changed, by whom, the newest first. */
export function AuditTable({ entries }: { entries: readonly AuditEntry[] }) {
  return (
    <ScrollArea label="Audit">
      <table className="table table-stack">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col">Did what</th>
            <th scope="col">To</th>
            <th scope="col">Detail</th>
            <th scope="col">Place</th>
          </tr>
        </thead>
        <tbody>
          {entries.map(({ row, at, actor, action, target, detail, chain, seq }) => (
            <tr key={row}>
              <td data-label="When">
                <Time at={at} />
              </td>
              <td data-label="Who">
                <span className="md:inline-block md:min-w-24">
                  <Value value={nameOfActor(actor)} limit={50} isText />
                </span>
              </td>
              <th scope="row" data-label="Did what" className="mono">
                {action}
              </th>
              <td data-label="To">{target === '' ? null : <Value value={target} limit={36} />}</td>
              <td data-label="Detail" className="min-w-48">
                {Object.entries(detail).map(([key, value]) => (
                  <span key={key} className="block">
                    <span className="text-muted">{key}:</span>{' '}
                    <Value value={typeof value === 'string' ? value : JSON.stringify(value)} limit={60} isText />
                  </span>
                ))}
              </td>
              <td data-label="Place" className="text-muted">
                <Value value={chain} limit={24} isText /> {seq}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
