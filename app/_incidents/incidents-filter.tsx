import Form from 'next/form';
import { INCIDENT_STATE, type IncidentState, SEVERITY, type Severity } from '#lib/provenance/incident-words.ts';

interface Props {
  readonly query: { readonly state: string | null; readonly severity: string | null; readonly owner: string | null };
  readonly counts: ReadonlyMap<IncidentState, number>;
  readonly owners: readonly { readonly id: string; readonly name: string }[];
}

/** Narrows the list. A plain GET form, so that the address says it all and no script is needed. */
export function IncidentsFilter({ query, counts, owners }: Props) {
  return (
    <Form
      action="/incidents"
      prefetch={false}
      key={JSON.stringify(query)}
      className="panel mb-3 grid grid-cols-1 items-end gap-x-3 gap-y-2 p-3 sm:grid-cols-[repeat(3,minmax(0,14rem))_auto]"
    >
      <label className="flex min-w-0 flex-col gap-1">
        <span className="text-[0.8125rem] text-muted">State</span>
        <select name="state" defaultValue={query.state ?? ''} className="control w-full">
          <option value="">Any</option>
          {(Object.keys(INCIDENT_STATE) as IncidentState[]).map((state) => (
            <option key={state} value={state}>
              {INCIDENT_STATE[state].word} ({counts.get(state) ?? 0})
            </option>
          ))}
        </select>
      </label>
      <label className="flex min-w-0 flex-col gap-1">
        <span className="text-[0.8125rem] text-muted">Severity</span>
        <select name="severity" defaultValue={query.severity ?? ''} className="control w-full">
          <option value="">Any</option>
          {(Object.keys(SEVERITY) as Severity[]).map((severity) => (
            <option key={severity} value={severity}>
              {SEVERITY[severity].word}
            </option>
          ))}
        </select>
      </label>
      <label className="flex min-w-0 flex-col gap-1">
        <span className="text-[0.8125rem] text-muted">Owner</span>
        <select name="owner" defaultValue={query.owner ?? ''} className="control w-full">
          <option value="">Anybody</option>
          <option value="nobody">Nobody</option>
          {owners.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" className="button button-accent w-fit">
        Filter
      </button>
    </Form>
  );
}
