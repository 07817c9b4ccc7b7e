import { stringify } from 'csv-stringify/sync';
import type { ChainedEntry } from '#lib/provenance/audit-chain.ts';

const COLUMNS = ['chain', 'seq', 'at', 'time', 'actor', 'action', 'target', 'detail', 'previous', 'hash'] as const;

/** One JSON object a line, byte for byte what was hashed: anybody can check the chains again (lib/provenance/audit-chain.ts). */
export function formatAuditLines(entries: Iterable<ChainedEntry>): string {
  return [...entries].map((entry) => `${JSON.stringify(entry)}\n`).join('');
}

/** For spreadsheets: what one would take for a formula gets an apostrophe before it. */
export function formatAuditCsv(entries: Iterable<ChainedEntry>): string {
  const rows = Array.from(entries, (entry) => ({ ...entry, time: new Date(entry.at).toISOString() }));
  return stringify(rows, { header: true, columns: [...COLUMNS], escape_formulas: true });
}
