import { getNote } from '#lib/services/log/get-download.ts';
import { download } from '../../../../../_server/download.ts';
import { rowNumber } from '../../../../../_server/row-number.ts';

export const dynamic = 'force-dynamic';

/** A checkpoint's signed note, as received. */
export async function GET(
  _request: Request,
  { params }: { params: Promise<{ id: string; checkpoint: string }> },
): Promise<Response> {
  const { id, checkpoint } = await params;
  const logId = rowNumber(id);
  const row = rowNumber(checkpoint);
  return download(async (database) => (logId === null || row === null ? null : getNote(database, { logId, id: row })), {
    name: `log-${logId}-${row}.checkpoint`,
    type: 'text/plain; charset=utf-8',
  });
}
