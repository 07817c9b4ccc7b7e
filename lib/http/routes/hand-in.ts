import { createRoute, z } from '@hono/zod-openapi';
import { type HandInResult, handInBundles } from '#lib/services/source/hand-in.ts';
import type { Api, ApiEnvironment } from '../api.ts';
import { conform } from '../conform.ts';
import { idempotencyHeader } from '../idempotency.ts';
import { NOT_READY } from '../not-ready.ts';
import { ApiError } from '../problem.ts';
import { problems } from '../problem-schema.ts';
import { readBody } from '../read-body.ts';
import { requireScope } from '../require-scope.ts';
import { json } from '../responses.ts';
import { bundleOutcome } from '../schema/bundle.ts';

/** One bundle of the largest size, or some thousand usual ones. */
const MAX_BODY = 32 * 1024 * 1024;

const outcomes = z.object({ bundles: z.array(bundleOutcome) }).openapi('BundleOutcomes');

const post = createRoute({
  method: 'post',
  path: '/bundles',
  tags: ['Bundles'],
  summary: 'Hand in Sigstore bundles',
  description:
    'One bundle as JSON, or one a line. Each is verified by the standards in force and stored once. A bundle that is refused is kept with its reason and tried again when trust roots, keys or rules change. Where one bundle is all there is and it is refused, the answer is 422; of several, each tells its own outcome. Needs a token with the scope ingest.',
  security: [{ token: [] }],
  request: {
    headers: idempotencyHeader,
    body: {
      required: true,
      description: 'At most 32 MiB and 10,000 lines.',
      content: {
        'application/json': { schema: z.record(z.string(), z.unknown()) },
        'application/jsonl': { schema: z.string() },
      },
    },
  },
  responses: {
    200: json(outcomes, 'Each bundle with what became of it.'),
    ...problems(400, 401, 403, 409, 413, 422, 503),
  },
});

/** The way in for programs. */
export function addHandInRoute(api: Api, environment: ApiEnvironment): void {
  api.openAPIRegistry.registerPath(post);
  // Not validated as JSON by the framework: bundles are read strictly by our own parser, which tells more.
  api.post(post.path, async (c) => {
    const token = await requireScope(c, environment, 'ingest');
    const bytes = await readBody(c.req.raw, MAX_BODY);
    const standards = await environment.standards();
    if (!standards) throw new ApiError(NOT_READY);
    const ctx = { database: environment.database(), now: environment.now, log: environment.log };
    const isLines = /^application\/(?:jsonl|x-ndjson)\b/.test(c.req.header('Content-Type') ?? '');
    const bundles = handIn(ctx, { bytes, isLines, channel: 'api', source: token, name: null }, standards);
    const [first] = bundles;
    if (bundles.length === 1 && first?.outcome === 'refused') {
      const { code, reason, at } = first;
      throw new ApiError({ code: 'bundle-refused', reason: code ?? 'refused', detail: reason ?? '', at });
    }
    return c.json(conform(outcomes, { bundles }), 200);
  });
}

function handIn(...input: Parameters<typeof handInBundles>): HandInResult[] {
  try {
    return handInBundles(...input);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ApiError({ code: 'too-many', detail: error.message });
  }
}
