import { INCIDENT_STATE, type IncidentState, SEVERITY, type Severity } from '#lib/provenance/incident-words.ts';
import { FilterForm, FilterSelect } from '../_ui/filter-form.tsx';

interface Props {
  readonly query: { readonly state: string | null; readonly severity: string | null; readonly owner: string | null };
  readonly counts: ReadonlyMap<IncidentState, number>;
  readonly owners: readonly { readonly id: string; readonly name: string }[];
}

/** Narrows the list of incidents. */
export function IncidentsFilter({ query, counts, owners }: Props) {
  const isNarrowed = query.state !== null || query.severity !== null || query.owner !== null;
  return (
    <FilterForm action="/incidents" query={query} clear={isNarrowed ? 'Show all' : null}>
      <FilterSelect
        name="state"
        label="State"
        value={query.state}
        options={(Object.keys(INCIDENT_STATE) as IncidentState[]).map((state) => ({
          value: state,
          label: `${INCIDENT_STATE[state].word} (${counts.get(state) ?? 0})`,
        }))}
      />
      <FilterSelect
        name="severity"
        label="Severity"
        value={query.severity}
        options={(Object.keys(SEVERITY) as Severity[]).map((severity) => ({
          value: severity,
          label: SEVERITY[severity].word,
        }))}
      />
      <FilterSelect
        name="owner"
        label="Owner"
        value={query.owner}
        any="Anybody"
        options={[{ value: 'nobody', label: 'Nobody' }, ...owners.map(({ id, name }) => ({ value: id, label: name }))]}
      />
    </FilterForm>
  );
}
