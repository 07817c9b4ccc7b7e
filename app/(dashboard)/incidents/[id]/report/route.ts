import { REPORT_POLICY } from '#lib/incident-archive/html.ts';
import { FILE } from '#lib/incident-archive/layout.ts';
import { renderReports } from '#lib/incident-archive/render.ts';
import { collectArchive } from '#lib/services/incident-archive/collect.ts';
import { answerFor, plain } from '../../../../_server/answer-for.ts';

export const dynamic = 'force-dynamic';

/** The report of an incident, to be read and printed: the page that its archive holds. */
export async function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const id = (await params).id.slice(0, 100);
  return answerFor(request, 'viewer', async (database) => {
    const contents = await collectArchive(database, { id, now: Date.now() });
    if (!contents) return plain(404, 'There is no such incident here.');
    return new Response(renderReports(contents)[FILE.reportHtml], {
      headers: {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy': REPORT_POLICY,
        'X-Content-Type-Options': 'nosniff',
        'Referrer-Policy': 'no-referrer',
        'Cache-Control': 'no-store',
      },
    });
  });
}
