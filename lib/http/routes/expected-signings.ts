import { createRoute, z } from '@hono/zod-openapi';
import { type Declaration, declarationSchema } from '#lib/services/expected/declaration.ts';
import { DeclarationError, declareExpected } from '#lib/services/expected/declare.ts';
import { listExpected } from '#lib/services/expected/list.ts';
import { withdrawExpected } from '#lib/services/expected/withdraw.ts';
import type { Api, ApiEnvironment } from '../api.ts';
import { callerOf } from '../caller.ts';
import { conform } from '../conform.ts';
import { cursorOf } from '../cursor.ts';
import { describeIssue } from '../describe-issue.ts';
import { idempotencyHeader } from '../idempotency.ts';
import { nextField, pageQuery, withNext } from '../paging.ts';
import { pathParam } from '../params.ts';
import { ApiError, notFound } from '../problem.ts';
import { problems } from '../problem-schema.ts';
import { readBody } from '../read-body.ts';
import { requireScope } from '../require-scope.ts';
import { json } from '../responses.ts';
import { time } from '../schema/time.ts';

const TAGS = ['Expected signings'];
const MAX_BODY = 32 * 1024;
const needs = 'Needs a token with the scope ingest.';

const wanted = z
  .strictObject({
    digest: z.string().optional().openapi({
      description:
        'What is signed, lowercase hex: as the log entry has it, or of the payload or content of its bundle.',
    }),
    identity: z.string().optional().openapi({ description: 'The name in the certificate, whole; with `issuer`.' }),
    issuer: z.string().optional(),
    run: z
      .string()
      .optional()
      .openapi({ description: 'The run that signs, as the certificate names it (its run-invocation-uri).' }),
    note: z.string().optional().openapi({ description: 'For people; shown with the event.' }),
    validFromAt: time('From when it counts; five minutes ago if not said.').optional(),
    validUntilAt: time('Until when, at most 30 days later; a day if not said.').optional(),
    uses: z.int().min(1).max(1000).default(1).openapi({ description: 'Most signings that it accounts for.' }),
  })
  .openapi('NewExpectedSigning');

const expected = z
  .object({
    id: z.string(),
    digest: z.string().nullable(),
    identity: z.string().nullable(),
    issuer: z.string().nullable(),
    run: z.string().nullable(),
    note: z.string().nullable(),
    source: z.enum(['api', 'file', 'canary']),
    declaredBy: z.string().openapi({ description: 'The name of the token, or the path of the file.' }),
    declaredAt: time('When it was declared.'),
    validFromAt: time('From when it counts.'),
    validUntilAt: time('Until when it counts.'),
    uses: z.int(),
    used: z.int().openapi({ description: 'How many signings it accounts for now.' }),
    eventIds: z.array(z.string()).openapi({ description: 'Those signings, at most 100.' }),
  })
  .openapi('ExpectedSigning');
const page = z.object({ expected: z.array(expected), next: nextField }).openapi('ExpectedSigningPage');

const post = createRoute({
  method: 'post',
  path: '/expected-signings',
  tags: TAGS,
  summary: 'Declare a signing before it happens',
  description: `All criteria given must be met, each whole and byte for byte; nothing is a pattern. A verified signing of an own identity that meets them is accounted for, whether it comes later or came before. ${needs}`,
  security: [{ token: [] }],
  request: {
    headers: idempotencyHeader,
    body: { required: true, content: { 'application/json': { schema: wanted } } },
  },
  responses: {
    200: json(expected, 'The declaration, with what it accounts for already.'),
    ...problems(400, 401, 403, 409, 413, 422, 503),
  },
});

const list = createRoute({
  method: 'get',
  path: '/expected-signings',
  tags: TAGS,
  summary: 'Declared signings, the latest first',
  description: `Not open to all: an open declaration tells what could be signed without an alarm. ${needs}`,
  security: [{ token: [] }],
  request: {
    query: z.strictObject({
      state: z.enum(['open', 'used', 'over']).optional().openapi({
        description:
          '`open`: may still account for a signing. `used`: accounted for as many as it may. `over`: its time is past.',
      }),
      ...pageQuery,
    }),
  },
  responses: { 200: json(page, 'A page of declarations.'), ...problems(400, 401, 403, 503) },
});

const remove = createRoute({
  method: 'delete',
  path: '/expected-signings/{id}',
  tags: TAGS,
  summary: 'Withdraw a declaration',
  description: `As if it had never been made: what it accounted for is an alarm again. Only the token that made it may, or one with the scope admin; declarations of a file are withdrawn in the file. ${needs}`,
  security: [{ token: [] }],
  request: { params: z.object({ id: pathParam('id', 'Of a declaration.') }) },
  responses: { 204: { description: 'It is withdrawn.' }, ...problems(400, 401, 403, 404, 503) },
});

const cursor = cursorOf('expected-signings', z.object({ declaredAt: z.int(), id: z.string().max(100) }));

/** Signings that somebody says will happen, so that only the unexpected is an alarm. */
export function addExpectedRoutes(api: Api, environment: ApiEnvironment): void {
  const context = () => ({ database: environment.database(), now: environment.now, log: environment.log });
  api.openAPIRegistry.registerPath(post);
  // Read by hand: who may not declare is told so before anything of the body is looked at.
  api.post(post.path, async (c) => {
    const declaredBy = await requireScope(c, environment, 'ingest');
    const declaration = readDeclaration(await readBody(c.req.raw, MAX_BODY));
    try {
      return c.json(conform(expected, declareExpected(context(), declaration, { source: 'api', declaredBy })), 200);
    } catch (error) {
      if (!(error instanceof DeclarationError)) throw error;
      throw new ApiError({ code: 'bad-request', detail: error.message, at: error.at });
    }
  });
  api.openapi(list, async (c) => {
    await requireScope(c, environment, 'ingest');
    const { cursor: text, ...query } = c.req.valid('query');
    const input = { ...query, now: environment.now(), olderThan: cursor.read(text) };
    const found = await listExpected(environment.database(), input);
    const next = withNext(c, found.next && cursor.format(found.next));
    return c.json(conform(page, { expected: found.expected, next }), 200);
  });
  api.openapi(remove, async (c) => {
    const by = await requireScope(c, environment, 'ingest');
    const isAdmin = (await callerOf(c, environment))?.scopes.includes('admin') === true;
    const { id } = c.req.valid('param');
    const withdrawal = withdrawExpected(context(), id, isAdmin ? null : by);
    if (withdrawal === 'withdrawn') return c.body(null, 204);
    if (withdrawal === 'unknown') {
      throw notFound(`There is no declaration ${id}.`, 'GET /api/v1/expected-signings lists them.');
    }
    const detail = `The declaration ${id} is not of the token “${by}”. The token that made it withdraws it, or one with the scope admin; one of a file, the file.`;
    throw new ApiError({ code: 'missing-scope', detail });
  });
}

function readDeclaration(bytes: Uint8Array): Declaration {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new ApiError({ code: 'bad-request', detail: 'The body is not JSON in UTF-8.' });
  }
  const read = declarationSchema.safeParse(value);
  if (!read.success) throw new ApiError({ code: 'bad-request', ...describeIssue(read.error) });
  return read.data;
}
