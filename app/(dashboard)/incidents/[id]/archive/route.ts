import { streamChunks } from '#lib/http/stream-chunks.ts';
import { ExportError } from '#lib/incident-archive/export-error.ts';
import { writeArchive } from '#lib/incident-archive/write-archive.ts';
import { ZipError } from '#lib/incident-archive/zip-error.ts';
import { collectArchive } from '#lib/services/incident-archive/collect.ts';
import { answerFor, plain } from '../../../../_server/answer-for.ts';

export const dynamic = 'force-dynamic';

/** The evidence of an incident as one archive, for whoever investigates. It is made while it is sent. */
export async function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const id = (await params).id.slice(0, 100);
  return answerFor(request, 'investigator', async (database) => {
    const contents = await collectArchive(database, { id, now: Date.now() });
    if (!contents) return plain(404, 'There is no such incident here.');
    try {
      return new Response(streamChunks(writeArchive(contents)), {
        headers: {
          'Content-Type': 'application/zip',
          'Content-Disposition': `attachment; filename="incident-${contents.incident.number}.zip"`,
          'Cache-Control': 'no-store',
        },
      });
    } catch (error) {
      if (error instanceof ZipError) return plain(413, `${error.message}.`);
      if (error instanceof ExportError) return plain(409, error.message);
      throw error;
    }
  });
}
