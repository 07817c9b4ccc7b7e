import { stringify } from 'csv-stringify/sync';
import type { ChainedEntry } from '#lib/provenance/audit-chain.ts';
import { exportAudit } from '#lib/services/audit/export.ts';
import { download } from '../../../../_server/download.ts';

export const dynamic = 'force-dynamic';

const COLUMNS = ['chain', 'seq', 'at', 'time', 'actor', 'action', 'target', 'detail', 'previous', 'hash'] as const;

/** The audit as a file: `format=jsonl` as it was hashed, so that anybody can check it; `format=csv` for spreadsheets. */
export async function GET(request: Request): Promise<Response> {
  const query = new URL(request.url).searchParams;
  const chain = query.get('chain');
  const isCsv = query.get('format') === 'csv';
  const file = {
    name: `audit.${isCsv ? 'csv' : 'jsonl'}`,
    type: isCsv ? 'text/plain; charset=utf-8' : 'application/json',
  } as const;
  return download(
    async (database) => {
      const entries = exportAudit(database, chain === null || chain === '' ? {} : { chain });
      return isCsv ? toCsv(entries) : toLines(entries);
    },
    file,
    'admin',
  );
}

function toLines(entries: Iterable<ChainedEntry>): string {
  return [...entries].map((entry) => `${JSON.stringify(entry)}\n`).join('');
}

/** What a spreadsheet would take for a formula gets an apostrophe before it. */
function toCsv(entries: Iterable<ChainedEntry>): string {
  const rows = Array.from(entries, (entry) => ({ ...entry, time: new Date(entry.at).toISOString() }));
  return stringify(rows, { header: true, columns: [...COLUMNS], escape_formulas: true });
}
