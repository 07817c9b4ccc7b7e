import { getInclusionProof } from '#lib/services/event/get-download.ts';
import { download } from '../../../../_server/download.ts';

export const dynamic = 'force-dynamic';

/** The inclusion proof with its checkpoint (C2SP tlog-proof). */
export async function GET(_request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const id = (await params).id.slice(0, 100);
  return download((database) => getInclusionProof(database, { id }), {
    name: `${id}.tlog-proof`,
    type: 'text/plain; charset=utf-8',
  });
}
