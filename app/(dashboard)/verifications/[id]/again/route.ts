import { createLogger } from '#lib/logger.ts';
import { standardsInForce } from '#lib/services/config/standards.ts';
import { runAgain } from '#lib/services/verification/run-again.ts';
import { readDatabase } from '../../../../_server/database.ts';
import { whoMay } from '../../../../_server/role-form.ts';

export const dynamic = 'force-dynamic';

/** From the button of a receipt: judges its list by what is known now, and leads back to it. */
export async function POST(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const asker = await whoMay(request.headers, 'viewer');
  if (asker instanceof Response) return asker;
  const id = (await params).id;
  const database = readDatabase();
  if ('problem' in database) return refuse(503, database.problem);
  const standards = await standardsInForce(database);
  if (!standards) return refuse(503, 'No trust root is in force yet: start the jobs (npm start does), and try again.');
  const ctx = { database, now: Date.now, log: createLogger('web') };
  const receipt = id.length > 100 ? null : await runAgain(ctx, { id }, standards);
  if (!receipt) return refuse(404, 'There is no such receipt here.');
  return new Response(null, { status: 303, headers: { Location: `/verifications/${receipt.id}` } });
}

function refuse(status: number, reason: string): Response {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' };
  return new Response(`${reason}\n\nGo back to the receipt: nothing was changed.\n`, { status, headers });
}
