import { CRITERION } from '#lib/provenance/scope-words.ts';
import { GROUPS, MOST_ROWS, ROW_KINDS, type ScopeForm, type ScopeRow } from './scope-form.ts';

interface Props {
  readonly form: ScopeForm;
  /** Rows that the browser shows already, so that none is taken from under the hands of who types. */
  readonly rows: number;
}

const BLANK = 2;
const NO_ROW: ScopeRow = { group: 1, kind: 'dataset', value: '', more: '' };

/** The fields of a scope: rows of criteria in groups, how they are joined, and a window. Plain fields of a GET form. */
export function ScopeFields({ form, rows }: Props) {
  const count = Math.min(MOST_ROWS, Math.max(form.rows.length + BLANK, rows));
  const shown = Array.from({ length: count }, (_, i) => form.rows[i] ?? NO_ROW);
  return (
    <>
      <ol className="flex flex-col divide-y divide-line border-y border-line">
        {shown.map((row, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name but their place
          <Row key={i} row={row} number={i + 1} />
        ))}
      </ol>
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-2 xl:grid-cols-4">
        <label className="flex min-w-0 flex-col gap-1">
          <span className="text-[0.8125rem] text-muted">Rows of one group</span>
          <select name="within" defaultValue={form.within} className="control w-full">
            <option value="any">any of them is enough</option>
            <option value="all">all of them must hold</option>
          </select>
        </label>
        <label className="flex min-w-0 flex-col gap-1">
          <span className="text-[0.8125rem] text-muted">Groups with each other</span>
          <select name="between" defaultValue={form.between} className="control w-full">
            <option value="all">all of them must hold</option>
            <option value="any">any of them is enough</option>
          </select>
        </label>
        <label className="flex min-w-0 flex-col gap-1">
          <span className="text-[0.8125rem] text-muted">Signed from (UTC)</span>
          <input name="from" defaultValue={form.from} placeholder="2026-03-01" className="control w-full" />
        </label>
        <label className="flex min-w-0 flex-col gap-1">
          <span className="text-[0.8125rem] text-muted">up to and with (UTC)</span>
          <input name="to" defaultValue={form.to} placeholder="2026-03-31" className="control w-full" />
        </label>
      </div>
    </>
  );
}

function Row({ row, number }: { row: ScopeRow; number: number }) {
  return (
    <li>
      <fieldset className="grid grid-cols-1 gap-2 py-2 sm:grid-cols-[6rem_13rem_minmax(0,2fr)_minmax(0,1fr)]">
        <legend className="sr-only">Criterion {number}</legend>
        <select name="group" aria-label={`Group of criterion ${number}`} defaultValue={row.group} className="control">
          {GROUPS.map((group) => (
            <option key={group} value={group}>
              Group {group}
            </option>
          ))}
        </select>
        <select name="kind" aria-label={`Kind of criterion ${number}`} defaultValue={row.kind} className="control">
          {ROW_KINDS.map((kind) => (
            <option key={kind} value={kind} title={CRITERION[kind].value}>
              {CRITERION[kind].word}
            </option>
          ))}
        </select>
        <input
          name="value"
          aria-label={`Value of criterion ${number}`}
          defaultValue={row.value}
          placeholder={number === 1 ? 'Digest, name or address, whole' : ''}
          className="control mono min-w-0"
        />
        <input
          name="more"
          aria-label={`Issuer, or first and last entry, of criterion ${number}`}
          defaultValue={row.more}
          placeholder={number === 1 ? 'Issuer, or 1200-1300' : ''}
          className="control mono min-w-0"
        />
      </fieldset>
    </li>
  );
}
