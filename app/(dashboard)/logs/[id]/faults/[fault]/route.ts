import { getFaultEvidence } from '#lib/services/log/get-download.ts';
import { download } from '../../../../../_server/download.ts';
import { rowNumber } from '../../../../../_server/row-number.ts';

export const dynamic = 'force-dynamic';

/** The evidence of a fault: signed notes and proofs, for a third party to judge. */
export async function GET(
  _request: Request,
  { params }: { params: Promise<{ id: string; fault: string }> },
): Promise<Response> {
  const { id, fault } = await params;
  const logId = rowNumber(id);
  const row = rowNumber(fault);
  return download(
    async (database) => (logId === null || row === null ? null : getFaultEvidence(database, { logId, id: row })),
    {
      name: `log-${logId}-fault-${row}.json`,
      type: 'application/json',
    },
  );
}
