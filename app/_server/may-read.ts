import { bearerIn } from '#lib/http/bearer.ts';
import { checkToken } from '#lib/services/access/check-token.ts';
import { whoAsks } from './asker.ts';
import { readDatabase } from './database.ts';

/** Whether somebody may read what the pages show, at an address beside pages and API: by session, or with a token of the scope `read`. */
export async function mayRead(headers: Headers): Promise<boolean> {
  const token = bearerIn(headers);
  if (token === null) return (await whoAsks(headers)) !== null;
  const database = readDatabase();
  const held = 'problem' in database ? null : await checkToken(database, { token, now: Date.now() });
  return held?.scopes.includes('read') === true;
}

export function refuseReading(): Response {
  const headers = {
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    'WWW-Authenticate': 'Bearer',
  };
  return new Response('This needs a token with the scope read, or somebody who is signed in.\n', {
    status: 401,
    headers,
  });
}
