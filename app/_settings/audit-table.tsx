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
              <td data-label="Who" className="md:min-w-28">
                <Value value={nameOfActor(actor)} limit={50} isText />
              </td>
              <th scope="row" data-label="Did what" className="mono">
                {action}
              </th>
              <td data-label="To" className="md:min-w-28">
                {target === '' ? null : <Value value={target} limit={20} />}
              </td>
              <td data-label="Detail" className="md:min-w-64">
                {Object.entries(detail).map(([key, value]) => (
                  <span key={key} className="block">
                    <span className="text-muted">{key}:</span> <Detail name={key} value={value} />
                  </span>
                ))}
              </td>
              <td data-label="Place" className="text-muted md:whitespace-nowrap">
                <span>
                  <Value value={chain} limit={24} isText /> {seq}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

/** One thing that an entry says: times and lists as people read them, all else as it was hashed. */
function Detail({ name, value }: { name: string; value: unknown }) {
  if (typeof value === 'number' && name.endsWith('At')) return <Time at={value} />;
  const isList = Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string');
  const text = typeof value === 'string' ? value : isList ? value.join(', ') : JSON.stringify(value);
  return <Value value={text} limit={60} isText />;
}
