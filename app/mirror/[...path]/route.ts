import { mirrorFolder } from '#lib/mirror/layout.ts';
import { webConfig } from '../../_server/configuration.ts';
import { databasePath } from '../../_server/database.ts';
import { mayRead, refuseReading } from '../../_server/may-read.ts';
import { mirrorResponse } from '../../_server/mirror-response.ts';

export const dynamic = 'force-dynamic';

interface Context {
  readonly params: Promise<{ path: string[] }>;
}

/**
 * A resource of the mirror `/mirror/<SHA-256 of the origin>/`, for any client of C2SP tlog-tiles: anybody’s where
 * `logs.public-mirrors` says so, else with a token of the scope read.
 */
export async function GET(request: Request, context: Context): Promise<Response> {
  return answer(request, context, 'GET');
}

export async function HEAD(request: Request, context: Context): Promise<Response> {
  return answer(request, context, 'HEAD');
}

async function answer({ headers }: Request, { params }: Context, method: 'GET' | 'HEAD'): Promise<Response> {
  const isPublic = webConfig()?.publicMirrors === true;
  if (!isPublic && !(await mayRead(headers))) return refuseReading();
  return mirrorResponse(mirrorFolder(databasePath()), (await params).path, method, isPublic);
}
