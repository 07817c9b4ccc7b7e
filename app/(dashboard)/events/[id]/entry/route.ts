import { getEntryBytes } from '#lib/services/event/get-download.ts';
import { download } from '../../../../_server/download.ts';

export const dynamic = 'force-dynamic';

/** The entry as the log has it, byte for byte. */
export async function GET(_request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const id = (await params).id.slice(0, 100);
  return download((database) => getEntryBytes(database, { id }), {
    name: `${id}.entry`,
    type: 'application/octet-stream',
  });
}
