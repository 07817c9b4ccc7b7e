import { CERTIFICATE, CERTIFICATE_STATES } from '#lib/provenance/certificate-words.ts';
import { formatCount } from '#lib/provenance/format.ts';
import type { CountedState } from '#lib/services/certificate/list.ts';
import type { CertificatesQuery } from '../_server/certificates-url.ts';
import { FilterForm, FilterSelect, FilterText, FilterTick } from '../_ui/filter-form.tsx';

interface Props {
  readonly query: CertificatesQuery;
  readonly rules: readonly string[];
  readonly counts: ReadonlyMap<CountedState, number>;
}

/** Narrows the list of certificates. */
export function CertificatesFilter({ query, rules, counts }: Props) {
  const { state, rule, identity, issuer, own } = query;
  const isNarrowed = [state, rule, identity, issuer, own].some((value) => value !== null);
  return (
    <FilterForm action="/certificates" query={query} clear={isNarrowed ? 'Show all' : null}>
      <FilterSelect
        name="state"
        label="State"
        value={state}
        options={[
          ...CERTIFICATE_STATES.map((one) => ({
            value: one,
            label: `${CERTIFICATE[one].word} (${formatCount(counts.get(one) ?? 0)})`,
          })),
          { value: 'undecided', label: `Cannot be read (${formatCount(counts.get('undecided') ?? 0)})` },
        ]}
      />
      <FilterSelect
        name="rule"
        label="Watch rule"
        value={rule}
        options={rules.map((one) => ({ value: one, label: one }))}
      />
      <FilterText name="identity" label="Identity, whole" value={identity} isMono />
      <FilterText name="issuer" label="Issuer, whole" value={issuer} isMono />
      <FilterTick name="own" label="Own only" isOn={own === true} />
    </FilterForm>
  );
}
