import type { FieldRow, FieldValue } from '#lib/provenance/nine-fields.ts';
import { FIELD } from '#lib/provenance/state.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateGlyph, StateMark } from '../_ui/state-mark.tsx';
import { Value } from '../_ui/value.tsx';

const VALUES = 12;

interface Props {
  readonly fields: readonly FieldRow[];
  /** Where each bundle's event is shown. */
  readonly events: ReadonlyMap<string, string>;
}

/** The nine fields of provenance: each value, where it stands, and whether something besides itself proves it. */
export function FieldsTable({ fields, events }: Props) {
  return (
    <ScrollArea label="The nine fields of provenance">
      <table className="table table-stack">
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">State</th>
            <th scope="col">Values, and where each stands</th>
            <th scope="col">How it is known</th>
          </tr>
        </thead>
        <tbody>
          {fields.map(({ field, status, values, note }) => (
            <tr key={field}>
              <th scope="row" data-label="Field" className="mono">
                {field}
              </th>
              <td data-label="State">
                <StateMark state={FIELD[status]} />
              </td>
              <td data-label="Values">
                {values.length === 0 ? (
                  <span className="text-muted">none</span>
                ) : (
                  <ul className="flex flex-col gap-1.5">
                    {values.slice(0, VALUES).map((value, i) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: two statements may say the very same
                      <li key={i}>
                        <OneValue value={value} event={events.get(value.bundleId ?? '') ?? null} />
                      </li>
                    ))}
                    {values.length > VALUES ? <li className="text-muted">and {values.length - VALUES} more</li> : null}
                  </ul>
                )}
              </td>
              <td data-label="Known by">
                <span className="block max-w-[44ch] wrap-anywhere">{note}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function OneValue({ value: { value, source, where, status }, event }: { value: FieldValue; event: string | null }) {
  return (
    <span className="flex min-w-0 items-start gap-1.5">
      <span className="mt-0.5" title={FIELD[status].meaning}>
        <StateGlyph tone={FIELD[status].tone} size={12} />
        <span className="sr-only">{FIELD[status].word}</span>
      </span>
      <span className="flex min-w-0 flex-col">
        <Value value={value} limit={96} />
        <span className="text-muted">
          {source}
          {event === null ? null : (
            <>
              {' '}
              (<AppLink href={event}>event</AppLink>)
            </>
          )}
          , <Value value={where} limit={64} />
        </span>
      </span>
    </span>
  );
}
