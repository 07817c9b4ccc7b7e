import { findPublication } from '#lib/services/sharing/find-publication.ts';
import { publicAssets } from '../../_public/assets.ts';
import { isTooMany } from '../../_public/limit.ts';
import { type PublicAnswer, respond, SCRIPT_POLICY } from '../../_public/respond.ts';
import { nothingHere, notice, serveShared } from '../../_public/serve.ts';
import { readDatabase } from '../../_server/database.ts';

export const dynamic = 'force-dynamic';

interface Context {
  readonly params: Promise<{ path?: string[] }>;
}

/** A public page, and what belongs to it: for everybody, without sign-in, and without a look at who asks. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const [slug, ...rest] = (await params).path ?? [];
  return respond(request, slug === '_' ? asset(rest) : await shared(slug ?? '', rest));
}

function asset([hash, ...path]: readonly string[]): PublicAnswer {
  const { hash: current, files } = publicAssets();
  const file = files.get(path.join('/'));
  if (!file) return nothingHere();
  return {
    type: file.type,
    body: new Uint8Array(file.bytes),
    caching: hash === current ? 'for-ever' : 'public',
    ...(file.isScript ? { policy: SCRIPT_POLICY } : {}),
  };
}

async function shared(slug: string, rest: readonly string[]): Promise<PublicAnswer> {
  if (await isTooMany()) {
    return notice(429, 'Too many requests', 'Too many pages were asked for in a minute. Try again in one.', 'private');
  }
  const database = readDatabase();
  if ('problem' in database) return notice(503, 'Not ready', 'This page cannot be shown at the moment.', 'private');
  const publication = findPublication(database, slug);
  if (publication === null) return nothingHere();
  if (publication === 'withdrawn') {
    const text = 'This page was public once. Its publisher took it back, and nothing of it is shown any more.';
    return notice(410, 'Taken back', text, 'public');
  }
  return serveShared({
    database,
    shared: publication,
    publication,
    root: `/p/${publication.slug}`,
    rest,
    expiresAt: null,
  });
}
