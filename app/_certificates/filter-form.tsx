import Form from 'next/form';
import { CERTIFICATE, CERTIFICATE_STATES } from '#lib/provenance/certificate-words.ts';
import { formatCount } from '#lib/provenance/format.ts';
import { elideMiddle, showText } from '#lib/provenance/untrusted-text.ts';
import type { CountedState } from '#lib/services/certificate/list.ts';
import type { CertificatesQuery } from '../_server/certificates-url.ts';

interface Props {
  readonly query: CertificatesQuery;
  readonly rules: readonly string[];
  readonly counts: ReadonlyMap<CountedState, number>;
}

/** Narrows the list. A plain GET form, so that the address says it all and no script is needed. */
export function FilterForm({ query, rules, counts }: Props) {
  return (
    <Form
      action="/certificates"
      prefetch={false}
      key={JSON.stringify(query)}
      className="panel mb-3 grid grid-cols-1 items-end gap-x-3 gap-y-2 p-3 sm:grid-cols-2 xl:grid-cols-[minmax(0,1.3fr)_minmax(0,1fr)_minmax(0,1.35fr)_minmax(0,1.35fr)_auto_auto]"
    >
      <label className="flex min-w-0 flex-col gap-1">
        <span className="text-[0.8125rem] text-muted">State</span>
        <select name="state" defaultValue={query.state ?? ''} className="control w-full">
          <option value="">Any</option>
          {CERTIFICATE_STATES.map((state) => (
            <option key={state} value={state}>
              {CERTIFICATE[state].word} ({formatCount(counts.get(state) ?? 0)})
            </option>
          ))}
          <option value="undecided">Cannot be read ({formatCount(counts.get('undecided') ?? 0)})</option>
        </select>
      </label>
      <label className="flex min-w-0 flex-col gap-1">
        <span className="text-[0.8125rem] text-muted">Watch rule</span>
        <select name="rule" defaultValue={query.rule ?? ''} className="control w-full">
          <option value="">Any</option>
          {withChosen(rules, query.rule).map((rule) => (
            <option key={rule} value={rule}>
              {elideMiddle(showText(rule), 60)}
            </option>
          ))}
        </select>
      </label>
      <label className="flex min-w-0 flex-col gap-1">
        <span className="text-[0.8125rem] text-muted">Identity, whole</span>
        <input name="identity" defaultValue={query.identity ?? ''} className="control mono w-full" />
      </label>
      <label className="flex min-w-0 flex-col gap-1">
        <span className="text-[0.8125rem] text-muted">Issuer, whole</span>
        <input name="issuer" defaultValue={query.issuer ?? ''} className="control mono w-full" />
      </label>
      <label className="inline-flex min-h-8 items-center gap-2">
        <input
          type="checkbox"
          name="own"
          value="true"
          defaultChecked={query.own === true}
          className="size-4 accent-accent"
        />
        Own only
      </label>
      <button type="submit" className="button button-accent w-fit">
        Filter
      </button>
    </Form>
  );
}

/** A rule of an old address is not lost with the next filter. */
function withChosen(rules: readonly string[], chosen: string | null): readonly string[] {
  return chosen === null || rules.includes(chosen) ? rules : [...rules, chosen];
}
