import { ALERT_KINDS, ALERT_SEVERITIES } from '#lib/provenance/alert-kind.ts';
import { ALERT, ALERT_STATE, SEVERITY } from '#lib/provenance/alert-words.ts';
import { formatCount } from '#lib/provenance/format.ts';
import type { AlertCounts } from '#lib/services/alert/list.ts';
import { FilterForm, FilterSelect } from '../_ui/filter-form.tsx';
import { type AlertsQuery, LISTED_STATES } from './query.ts';

const STATE_WORDS: Readonly<Record<(typeof LISTED_STATES)[number], string>> = {
  open: 'Open',
  new: ALERT_STATE.new.word,
  acknowledged: ALERT_STATE.acknowledged.word,
  muted: ALERT_STATE.muted.word,
  resolved: ALERT_STATE.resolved.word,
  all: 'All',
};

/** Narrows the list of alerts. */
export function AlertsFilter({ query, counts }: { query: AlertsQuery; counts: AlertCounts }) {
  const isNarrowed = query.state !== null || query.kind !== null || query.severity !== null;
  const open = counts.new + counts.acknowledged + counts.muted;
  const numbers = { ...counts, open, all: open + counts.resolved };
  return (
    <FilterForm action="/alerts" query={query} clear={isNarrowed ? 'Show open ones' : null}>
      <FilterSelect
        name="state"
        label="State"
        value={query.state ?? 'open'}
        any={null}
        options={LISTED_STATES.map((state) => ({
          value: state,
          label: `${STATE_WORDS[state]} (${formatCount(numbers[state])})`,
        }))}
      />
      <FilterSelect
        name="kind"
        label="Kind"
        value={query.kind}
        options={ALERT_KINDS.map((kind) => ({ value: kind, label: ALERT[kind].word }))}
      />
      <FilterSelect
        name="severity"
        label="Severity, at least"
        value={query.severity}
        options={ALERT_SEVERITIES.map((severity) => ({ value: severity, label: SEVERITY[severity].word }))}
      />
    </FilterForm>
  );
}
