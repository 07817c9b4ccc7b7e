import { exportSettings } from '#lib/services/setting/export.ts';
import { answerFor, plain } from '../../../../_server/answer-for.ts';
import { findSection } from '../../../../_settings/section-page.ts';

export const dynamic = 'force-dynamic';

/** What was made here, as YAML for the file. It has no secrets: whoever reads the pages may read it. */
export async function GET(request: Request, { params }: { params: Promise<{ section: string }> }): Promise<Response> {
  const found = findSection((await params).section);
  return answerFor(request, 'viewer', async (database) => {
    if (found === null) return plain(404, 'There is no such list.');
    const headers = {
      'Content-Type': 'text/plain; charset=utf-8',
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
    };
    return new Response(await exportSettings(database, [found.key]), { headers });
  });
}
