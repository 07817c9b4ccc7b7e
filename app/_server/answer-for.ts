import type { OpenDatabase } from '#db/client.ts';
import { mayActAs, type Role } from '#lib/services/access/role.ts';
import { whoAsks } from './asker.ts';
import { readDatabase } from './database.ts';

/** Answers whoever is at least `role`, and everybody else with the reason. */
export async function answerFor(
  request: Request,
  role: Role,
  answer: (database: OpenDatabase) => Promise<Response>,
): Promise<Response> {
  const asker = await whoAsks(request.headers);
  if (asker === null) return plain(401, 'This needs somebody who is signed in.');
  if (!mayActAs(asker.role, role)) return plain(403, `This needs the role ${role}. Yours is ${asker.role}.`);
  const database = readDatabase();
  return 'problem' in database ? plain(503, database.problem) : answer(database);
}

/** A sentence in place of a file. */
export function plain(status: number, text: string): Response {
  return new Response(`${text}\n`, {
    status,
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Security-Policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
    },
  });
}
