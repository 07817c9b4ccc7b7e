import { formatCount } from '#lib/provenance/format.ts';
import { elideMiddle, showText } from '#lib/provenance/untrusted-text.ts';
import type { AuditChain } from '#lib/services/audit/list-chains.ts';
import { FilterForm, FilterSelect, FilterText } from '../_ui/filter-form.tsx';
import type { AuditPageQuery } from './audit-query.ts';

/** Narrows the audit. */
export function AuditFilter({ query, chains }: { query: AuditPageQuery; chains: readonly AuditChain[] }) {
  const isNarrowed = query.chain !== null || query.action !== null || query.target !== null;
  return (
    <FilterForm action="/settings/audit" query={query} clear={isNarrowed ? 'Show all' : null}>
      <FilterSelect
        name="chain"
        label="Chain"
        value={query.chain}
        options={chains.map(({ chain, entries }) => ({
          value: chain,
          label: `${elideMiddle(showText(chain), 40)} (${formatCount(entries)})`,
        }))}
      />
      <FilterText name="action" label="Action begins with" value={query.action} maxLength={100} placeholder="user." />
      <FilterText name="target" label="Done to" value={query.target} maxLength={300} placeholder="an id" />
    </FilterForm>
  );
}
