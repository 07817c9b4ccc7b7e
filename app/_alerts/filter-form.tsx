import Form from 'next/form';
import { ALERT_KINDS, ALERT_SEVERITIES } from '#lib/provenance/alert-kind.ts';
import { ALERT, ALERT_STATE, SEVERITY } from '#lib/provenance/alert-words.ts';
import { formatCount } from '#lib/provenance/format.ts';
import type { AlertCounts } from '#lib/services/alert/list.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { type AlertsQuery, LISTED_STATES } from './query.ts';

const STATE_WORDS: Readonly<Record<(typeof LISTED_STATES)[number], string>> = {
  open: 'Open',
  new: ALERT_STATE.new.word,
  acknowledged: ALERT_STATE.acknowledged.word,
  muted: ALERT_STATE.muted.word,
  resolved: ALERT_STATE.resolved.word,
  all: 'All',
};

/** Narrows the list. A plain GET form, so that the address says it all and no script is needed. */
export function AlertsFilter({ query, counts }: { query: AlertsQuery; counts: AlertCounts }) {
  const isNarrowed = query.state !== null || query.kind !== null || query.severity !== null;
  const open = counts.new + counts.acknowledged + counts.muted;
  const numbers = { ...counts, open, all: open + counts.resolved };
  return (
    <Form
      action="/alerts"
      prefetch={false}
      key={JSON.stringify(query)}
      className="panel mb-3 flex flex-wrap items-end gap-x-3 gap-y-2 p-3"
    >
      <label className="flex min-w-0 flex-1 basis-40 flex-col gap-1 text-[0.8125rem]">
        <span className="text-muted">State</span>
        <select name="state" defaultValue={query.state ?? 'open'} className="control w-full">
          {LISTED_STATES.map((state) => (
            <option key={state} value={state}>
              {STATE_WORDS[state]} ({formatCount(numbers[state])})
            </option>
          ))}
        </select>
      </label>
      <label className="flex min-w-0 flex-1 basis-40 flex-col gap-1 text-[0.8125rem]">
        <span className="text-muted">Kind</span>
        <select name="kind" defaultValue={query.kind ?? ''} className="control w-full">
          <option value="">any</option>
          {ALERT_KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {ALERT[kind].word}
            </option>
          ))}
        </select>
      </label>
      <label className="flex min-w-0 flex-1 basis-40 flex-col gap-1 text-[0.8125rem]">
        <span className="text-muted">Severity, at least</span>
        <select name="severity" defaultValue={query.severity ?? ''} className="control w-full">
          <option value="">any</option>
          {ALERT_SEVERITIES.map((severity) => (
            <option key={severity} value={severity}>
              {SEVERITY[severity].word}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" className="button button-accent">
        Filter
      </button>
      {isNarrowed ? (
        <AppLink href="/alerts" className="link inline-flex min-h-8 items-center">
          Show open ones
        </AppLink>
      ) : null}
    </Form>
  );
}
