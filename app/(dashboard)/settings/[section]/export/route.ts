import { exportSettings } from '#lib/services/setting/export.ts';
import { readDatabase } from '../../../../_server/database.ts';
import { findSection } from '../../../../_settings/section-page.ts';

export const dynamic = 'force-dynamic';

/** What was made here, as YAML for the file. It has no secrets: whoever reads the pages may read it. */
export async function GET(_: Request, { params }: { params: Promise<{ section: string }> }): Promise<Response> {
  const found = findSection((await params).section);
  if (found === null) return new Response('There is no such list.\n', { status: 404 });
  const database = readDatabase();
  if ('problem' in database) return new Response(`${database.problem}\n`, { status: 503 });
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' };
  return new Response(await exportSettings(database, [found.key]), { headers });
}
