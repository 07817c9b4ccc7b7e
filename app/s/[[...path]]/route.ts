import { openShareLink } from '#lib/services/sharing/open-share-link.ts';
import { isTooMany } from '../../_public/limit.ts';
import { type PublicAnswer, respond } from '../../_public/respond.ts';
import { nothingHere, notice, serveShared } from '../../_public/serve.ts';
import { readDatabase } from '../../_server/database.ts';

export const dynamic = 'force-dynamic';

interface Context {
  readonly params: Promise<{ path?: string[] }>;
}

/** What an unlisted link shows to whoever has it: kept by no cache, told to no other site. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const [secret = '', ...rest] = (await params).path ?? [];
  return respond(request, await shared(secret, rest));
}

async function shared(secret: string, rest: readonly string[]): Promise<PublicAnswer> {
  if (await isTooMany()) {
    return notice(429, 'Too many requests', 'Too many pages were asked for in a minute. Try again in one.', 'private');
  }
  const database = readDatabase();
  if ('problem' in database) return notice(503, 'Not ready', 'This page cannot be shown at the moment.', 'private');
  const link = openShareLink(database, { secret, now: Date.now() });
  if (!link) return nothingHere('private');
  const { expiresAt } = link;
  return serveShared({ database, shared: link, publication: null, root: `/s/${secret}`, rest, expiresAt });
}
