import Form from 'next/form';
import { formatCount } from '#lib/provenance/format.ts';
import { elideMiddle, showText } from '#lib/provenance/untrusted-text.ts';
import type { AuditChain } from '#lib/services/audit/list-chains.ts';
import { AppLink } from '../_ui/app-link.tsx';
import type { AuditPageQuery } from './audit-query.ts';

/** Narrows the audit. A plain GET form, so that the address says it all. */
export function AuditFilter({ query, chains }: { query: AuditPageQuery; chains: readonly AuditChain[] }) {
  const isNarrowed = query.chain !== null || query.action !== null || query.target !== null;
  return (
    <Form
      action="/settings/audit"
      prefetch={false}
      key={JSON.stringify(query)}
      className="panel mb-3 flex flex-wrap items-end gap-x-3 gap-y-2 p-3"
    >
      <label className="flex min-w-0 flex-1 basis-48 flex-col gap-1 text-[0.8125rem]">
        <span className="text-muted">Chain</span>
        <select name="chain" defaultValue={query.chain ?? ''} className="control w-full">
          <option value="">any</option>
          {chains.map(({ chain, entries }) => (
            <option key={chain} value={chain}>
              {elideMiddle(showText(chain), 40)} ({formatCount(entries)})
            </option>
          ))}
        </select>
      </label>
      <label className="flex min-w-0 flex-1 basis-48 flex-col gap-1 text-[0.8125rem]">
        <span className="text-muted">Action begins with</span>
        <input
          name="action"
          defaultValue={query.action ?? ''}
          maxLength={100}
          placeholder="user."
          className="control w-full"
        />
      </label>
      <label className="flex min-w-0 flex-1 basis-48 flex-col gap-1 text-[0.8125rem]">
        <span className="text-muted">Done to</span>
        <input
          name="target"
          defaultValue={query.target ?? ''}
          maxLength={300}
          placeholder="an id"
          className="control w-full"
        />
      </label>
      <button type="submit" className="button button-accent">
        Filter
      </button>
      {isNarrowed ? (
        <AppLink href="/settings/audit" className="link inline-flex min-h-8 items-center">
          Show all
        </AppLink>
      ) : null}
    </Form>
  );
}
