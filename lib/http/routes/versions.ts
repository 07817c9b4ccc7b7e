import { createRoute, z } from '@hono/zod-openapi';
import { readEdges } from '#lib/services/graph/read-statements.ts';
import { noticesOfVersions } from '#lib/services/incident/notices-by.ts';
import { diffVersions, type VersionDiff } from '#lib/services/model/diff-versions.ts';
import { getVersion } from '#lib/services/model/get-version.ts';
import { listFiles } from '#lib/services/model/list-files.ts';
import type { Api, ApiEnvironment } from '../api.ts';
import { conform } from '../conform.ts';
import { cursorOf } from '../cursor.ts';
import { nextField, pageQuery, withNext } from '../paging.ts';
import { integerParam, pathParam, textParam } from '../params.ts';
import { type ApiError, notFound } from '../problem.ts';
import { problems } from '../problem-schema.ts';
import { json } from '../responses.ts';
import { listedFile, versionDetail, versionDiff } from '../schema/version.ts';
import { slugParam } from './models.ts';

/** Files are small, and manifests long. */
const MAX_FILES = 10_000;
const MAX_CHANGES = 10_000;

const params = z.object({ slug: slugParam, version: pathParam('version', 'Of a version: `ver_…`.') });

const filePage = z.object({ files: z.array(listedFile), next: nextField }).openapi('FilePage');

const get = createRoute({
  method: 'get',
  path: '/models/{slug}/versions/{version}',
  tags: ['Models'],
  summary: 'One version: who signed it, what is said of it, its nine fields and its inputs',
  request: { params },
  responses: { 200: json(versionDetail, 'The version.'), ...problems(400, 404, 503) },
});

const getFiles = createRoute({
  method: 'get',
  path: '/models/{slug}/versions/{version}/files',
  tags: ['Models'],
  summary: 'The files of a version in the order of its signed manifest',
  request: {
    params,
    query: z.strictObject({
      cursor: pageQuery.cursor,
      limit: integerParam({ min: 1, max: MAX_FILES, fallback: 1000, description: 'Files at the most.' }),
    }),
  },
  responses: { 200: json(filePage, 'A page of files.'), ...problems(400, 404, 503) },
});

const diff = createRoute({
  method: 'get',
  path: '/models/{slug}/diff',
  tags: ['Models'],
  summary: 'What differs between two versions: files, signer, inputs, environment',
  request: {
    params: z.object({ slug: slugParam }),
    query: z.strictObject({
      from: textParam('The id of the version before.', 100),
      to: textParam('The id of the version after.', 100),
    }),
  },
  responses: { 200: json(versionDiff, 'The difference.'), ...problems(400, 404, 503) },
});

const cursor = cursorOf('files', z.int().min(0));

/** Versions of models. */
export function addVersionRoutes(api: Api, environment: ApiEnvironment): void {
  api.openapi(get, async (c) => {
    const { slug, version: versionId } = c.req.valid('param');
    const database = environment.database();
    const detail = await getVersion(database, { versionId, fileLimit: 0 });
    if (detail?.model.slug !== slug) throw noSuchVersion(slug, versionId);
    const { version, artifact, files: _, ...rest } = detail;
    const links = artifact ? readEdges(database.db, { side: 'child', ids: [artifact.id] }, () => true) : [];
    const notices = noticesOfVersions(database, [version.id]).get(version.id) ?? [];
    return c.json(conform(versionDetail, { ...version, ...rest, notices, verdict: artifact, links }), 200);
  });
  api.openapi(getFiles, async (c) => {
    const { slug, version: versionId } = c.req.valid('param');
    const { cursor: text, limit } = c.req.valid('query');
    const page = await listFiles(environment.database(), { slug, versionId, after: cursor.read(text), limit });
    if (!page) throw noSuchVersion(slug, versionId);
    const next = withNext(c, page.next === null ? null : cursor.format(page.next));
    return c.json(conform(filePage, { files: page.files, next }), 200);
  });
  api.openapi(diff, async (c) => {
    const { slug } = c.req.valid('param');
    const { from, to } = c.req.valid('query');
    const found = await diffVersions(environment.database(), { slug, from, to });
    if (!found) throw notFound(`The model ${slug} has not both versions.`, `GET /api/v1/models/${slug} lists them.`);
    return c.json(conform(versionDiff, { ...found, files: toFiles(found.files) }), 200);
  });
}

function toFiles({ changes, unchanged }: VersionDiff['files']) {
  const shown = changes.slice(0, MAX_CHANGES);
  return {
    changes: shown.map((change) => ({ before: null, ...change })),
    omitted: changes.length - shown.length,
    unchanged,
  };
}

function noSuchVersion(slug: string, version: string): ApiError {
  return notFound(`The model ${slug} has no version ${version}.`, `GET /api/v1/models/${slug} lists them.`);
}
