import type { OpenDatabase } from '#db/client.ts';
import type { Role } from '#lib/services/access/role.ts';
import { readDatabase } from './database.ts';
import { whoMayAct } from './who-may-act.ts';

/** Answers whoever may act as `role`, and everybody else with the reason. */
export async function answerFor(
  { headers }: { readonly headers: Headers },
  role: Role,
  answer: (database: OpenDatabase) => Promise<Response>,
): Promise<Response> {
  const asker = await whoMayAct(headers, role);
  if ('reason' in asker) return plain(asker.status, asker.reason);
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
