import { exportAudit } from '#lib/services/audit/export.ts';
import { formatAuditCsv, formatAuditLines } from '#lib/services/audit/format-audit.ts';
import { download } from '../../../../_server/download.ts';

export const dynamic = 'force-dynamic';

/** The audit as a file: `format=jsonl` as it was hashed, so that anybody can check it; `format=csv` for spreadsheets. */
export async function GET(request: Request): Promise<Response> {
  const query = new URL(request.url).searchParams;
  const chain = query.get('chain') ?? '';
  const isCsv = query.get('format') === 'csv';
  const type = isCsv ? 'text/plain; charset=utf-8' : 'application/json';
  return download(
    async (database) => {
      const entries = exportAudit(database, chain === '' ? {} : { chain });
      return isCsv ? formatAuditCsv(entries) : formatAuditLines(entries);
    },
    { name: `audit.${isCsv ? 'csv' : 'jsonl'}`, type },
    'admin',
  );
}
