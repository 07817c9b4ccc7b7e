import { getCheckpointNote } from '#lib/services/event/get-download.ts';
import { download } from '../../../../_server/download.ts';

export const dynamic = 'force-dynamic';

/** The signed checkpoint that the proof leads to. */
export async function GET(_request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const id = (await params).id.slice(0, 100);
  return download((database) => getCheckpointNote(database, { id }), {
    name: `${id}.checkpoint`,
    type: 'text/plain; charset=utf-8',
  });
}
