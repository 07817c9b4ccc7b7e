import { getBundleBytes } from '#lib/services/event/get-download.ts';
import { download } from '../../../../_server/download.ts';

export const dynamic = 'force-dynamic';

/** A bundle joined with the event, as it was found: `?id=` names one, else the first that verified. */
export async function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const id = (await params).id.slice(0, 100);
  const bundleId = new URL(request.url).searchParams.get('id')?.slice(0, 100);
  return download((database) => getBundleBytes(database, bundleId ? { id, bundleId } : { id }), {
    name: `${id}.sigstore.json`,
    type: 'application/json',
  });
}
