import { mirrorFolder } from '#lib/mirror/layout.ts';
import { databasePath } from '../../_server/database.ts';
import { mirrorResponse } from '../../_server/mirror-response.ts';

export const dynamic = 'force-dynamic';

interface Context {
  readonly params: Promise<{ path: string[] }>;
}

/** A resource of the mirror `/mirror/<SHA-256 of the origin>/`, for any client of C2SP tlog-tiles. */
export async function GET(_request: Request, { params }: Context): Promise<Response> {
  return mirrorResponse(mirrorFolder(databasePath()), (await params).path, 'GET');
}

export async function HEAD(_request: Request, { params }: Context): Promise<Response> {
  return mirrorResponse(mirrorFolder(databasePath()), (await params).path, 'HEAD');
}
