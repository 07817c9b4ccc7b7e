import { createRoute, z } from '@hono/zod-openapi';
import { getBundle, getBundleBytes } from '#lib/services/bundle/get.ts';
import { listBundles } from '#lib/services/bundle/list.ts';
import type { Api, ApiEnvironment } from '../api.ts';
import { conform } from '../conform.ts';
import { cursorOf } from '../cursor.ts';
import { nextField, pageQuery, withNext } from '../paging.ts';
import { pathParam, textParam } from '../params.ts';
import { type ApiError, notFound } from '../problem.ts';
import { problems } from '../problem-schema.ts';
import { file, json } from '../responses.ts';
import { bundleDetail, bundleState, bundleSummary } from '../schema/bundle.ts';
import { sendBytes } from '../send-bytes.ts';

const BYTES = 'application/octet-stream';

const params = z.object({ id: pathParam('id', 'Of a bundle: `bdl_` and the start of its SHA-256.') });

const bundlePage = z.object({ bundles: z.array(bundleSummary), next: nextField }).openapi('BundlePage');

const list = createRoute({
  method: 'get',
  path: '/bundles',
  tags: ['Bundles'],
  summary: 'Bundles in one state, the last handed in first',
  description:
    'Files that could not even be read as a bundle are among the deliveries: /sources/deliveries?outcome=refused.',
  request: {
    query: z.strictObject({
      state: bundleState,
      code: textParam('Only those refused for this reason.', 100).optional(),
      ...pageQuery,
    }),
  },
  responses: { 200: json(bundlePage, 'A page of bundles.'), ...problems(400, 503) },
});

const get = createRoute({
  method: 'get',
  path: '/bundles/{id}',
  tags: ['Bundles'],
  summary: 'A bundle with every check made on it, and what its statement says',
  request: { params },
  responses: { 200: json(bundleDetail, 'The bundle.'), ...problems(400, 404, 503) },
});

const getContent = createRoute({
  method: 'get',
  path: '/bundles/{id}/content',
  tags: ['Bundles'],
  summary: 'The bundle itself, byte for byte',
  request: { params },
  responses: { 200: file(BYTES, 'The bytes that were handed in.'), ...problems(400, 404, 503) },
});

const cursor = cursorOf('bundles', z.object({ firstSeenAt: z.int(), id: z.string().max(100) }));

/** Bundles that were handed in. */
export function addBundleRoutes(api: Api, environment: ApiEnvironment): void {
  api.openapi(list, async (c) => {
    const { cursor: text, code, state, limit } = c.req.valid('query');
    const olderThan = cursor.read(text);
    const page = await listBundles(environment.database(), { state, reasonCode: code, olderThan, limit });
    const next = withNext(c, page.next && cursor.format(page.next));
    const bundles = page.bundles.map((bundle) => ({ ...bundle, code: bundle.reasonCode }));
    return c.json(conform(bundlePage, { bundles, next }), 200);
  });
  api.openapi(get, async (c) => {
    const { id } = c.req.valid('param');
    const bundle = await getBundle(environment.database(), { id });
    if (!bundle) throw noSuchBundle(id);
    return c.json(conform(bundleDetail, { ...bundle, code: bundle.reasonCode }), 200);
  });
  api.openapi(getContent, async (c) => {
    const { id } = c.req.valid('param');
    const bytes = await getBundleBytes(environment.database(), { id });
    if (!bytes) throw noSuchBundle(id);
    return sendBytes(c, bytes, { type: BYTES, name: `${id}.sigstore.json` });
  });
}

function noSuchBundle(id: string): ApiError {
  return notFound(`There is no bundle ${id}.`, 'It may never have been handed in.');
}
