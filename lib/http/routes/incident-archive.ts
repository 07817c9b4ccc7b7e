import { createRoute, z } from '@hono/zod-openapi';
import { ExportError } from '#lib/incident-archive/export-error.ts';
import { writeArchive } from '#lib/incident-archive/write-archive.ts';
import { ZipError } from '#lib/incident-archive/zip-error.ts';
import { collectArchive } from '#lib/services/incident-archive/collect.ts';
import type { Api, ApiEnvironment } from '../api.ts';
import { pathParam } from '../params.ts';
import { ApiError, notFound } from '../problem.ts';
import { problems } from '../problem-schema.ts';
import { requireScope } from '../require-scope.ts';
import { streamChunks } from '../stream-chunks.ts';

const get = createRoute({
  method: 'get',
  path: '/incidents/{id}/archive',
  tags: ['Incidents'],
  summary: 'The evidence of an incident as one archive',
  description:
    'A ZIP archive with bundles, proofs, checkpoints, trust roots and the report, to be verified offline with `modeltrail incident verify`. It is made while it is sent. Needs a token with the scope investigate.',
  security: [{ token: [] }],
  request: { params: z.object({ id: pathParam('id', 'Of an incident: `inc_…`.') }) },
  responses: {
    200: {
      description: 'The archive.',
      content: { 'application/zip': { schema: z.string().openapi({ type: 'string', format: 'binary' }) } },
    },
    ...problems(400, 401, 403, 404, 409, 413, 429, 503),
  },
});

/** Everything that an incident rests on, for checking it elsewhere. */
export function addIncidentArchiveRoute(api: Api, environment: ApiEnvironment): void {
  api.openapi(get, async (c) => {
    await requireScope(c, environment, 'investigate');
    const { id } = c.req.valid('param');
    const now = environment.now();
    const contents = await collectArchive(environment.database(), { id, now });
    if (contents === null) throw notFound(`There is no incident ${id}.`, 'Take ids from /incidents.');
    return c.body(streamChunks(begin(() => writeArchive(contents))), 200, {
      'Content-Type': 'application/zip',
      'Content-Disposition': `attachment; filename="incident-${contents.incident.number}.zip"`,
      'X-Content-Type-Options': 'nosniff',
      'Content-Security-Policy': 'sandbox',
      // With a tag of its own, the body is not read to make one; it says when it was made, so that none is like another.
      ETag: `W/"${contents.incident.id}-${now}"`,
    });
  });
}

function begin<T>(write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (error instanceof ExportError) throw new ApiError({ code: 'not-exportable', detail: error.message });
    if (error instanceof ZipError) throw new ApiError({ code: 'too-many', detail: `${error.message}.` });
    throw error;
  }
}
