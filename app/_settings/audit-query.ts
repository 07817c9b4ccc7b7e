import { createLoader, createSerializer, parseAsInteger, parseAsString } from 'nuqs/server';

/** Everything about the audit that an address can say. */
const parsers = { chain: parseAsString, action: parseAsString, target: parseAsString, before: parseAsInteger };

export const loadAuditQuery = createLoader(parsers);
const serialize = createSerializer(parsers);

export type AuditPageQuery = Awaited<ReturnType<typeof loadAuditQuery>>;

/** The address of the audit narrowed so. */
export function auditUrl(query: Partial<AuditPageQuery>): string {
  return serialize('/settings/audit', query);
}

export function exportUrl(format: 'csv' | 'jsonl', chain: string | null): string {
  return `/settings/audit/export?${new URLSearchParams({ format, ...(chain !== null && { chain }) })}`;
}
