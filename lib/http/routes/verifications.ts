import { createRoute, z } from '@hono/zod-openapi';
import { isRequirement, REQUIREMENTS, type Requirement, unmetRequirements } from '#lib/provenance/requirement.ts';
import { FILE_STATES, type VerificationAnswer } from '#lib/provenance/verification.ts';
import { ExpectationError } from '#lib/services/verification/expectation.ts';
import { getVerification, type VerificationDetail } from '#lib/services/verification/get.ts';
import { listVerifications } from '#lib/services/verification/list.ts';
import { listVerificationFiles } from '#lib/services/verification/list-files.ts';
import { runAgain } from '#lib/services/verification/run-again.ts';
import { verifyHashList } from '#lib/services/verification/verify.ts';
import type { Api, ApiEnvironment } from '../api.ts';
import { conform } from '../conform.ts';
import { cursorOf } from '../cursor.ts';
import { hashListBody, readGivenHashList } from '../given-hash-list.ts';
import { idempotencyHeader } from '../idempotency.ts';
import { NOT_READY } from '../not-ready.ts';
import { nextField, pageQuery, withNext } from '../paging.ts';
import { integerParam, pathParam, rowParam, textParam } from '../params.ts';
import { ApiError, notFound } from '../problem.ts';
import { problems } from '../problem-schema.ts';
import { requireScope } from '../require-scope.ts';
import { json } from '../responses.ts';
import {
  FILES_SHOWN,
  fileAnswer,
  fileState,
  verification,
  verificationAnswer,
  verificationSummary,
} from '../schema/verification.ts';

const TAGS = ['Verifications'];
const MAX_FILES = 10_000;

const params = z.object({ id: pathParam('id', 'Of a verification: `vrf_…`.') });
const answered = z
  .object({
    id: z.string(),
    answer: verificationAnswer,
    unmet: z.array(z.string()).openapi({
      description:
        'A sentence for each incident or retraction that refuses the files, then for each requirement of `require` that is not met. Files are to be used only where it is empty.',
    }),
  })
  .openapi('AnsweredVerification');
const page = z.object({ verifications: z.array(verificationSummary), next: nextField }).openapi('VerificationPage');
const filePage = z
  .object({ run: z.int(), files: z.array(fileAnswer), total: z.int(), next: nextField })
  .openapi('VerificationFilePage');

const post = createRoute({
  method: 'post',
  path: '/verifications',
  tags: TAGS,
  summary: 'Find out what files are, by their hashes',
  description:
    'Finds the model by its root, its manifest id or any of its files, and answers file by file; then who signed it, whether that is logged, how its chain stands and what is open about it. Files that differ are an answer, with status 200. The receipt stays. Where `model` says what it should be and it is not, that is a finding of the model until the same place is checked again and good. Needs a token with the scope verify.',
  security: [{ token: [] }],
  request: {
    headers: idempotencyHeader,
    query: z.strictObject({
      model: textParam('What it should be: the slug or exact name of a model.', 512).optional(),
      version: textParam('Which version of it: label, id or root. Only with `model`.', 200).optional(),
      require: textParam(`What must be so, separated by commas: ${REQUIREMENTS.join(', ')}.`, 200).optional(),
      place: textParam('What is checked and where, for people: `kserve/prod granite`.', 200).optional(),
    }),
    body: hashListBody,
  },
  responses: { 200: json(answered, 'The receipt.'), ...problems(400, 401, 403, 409, 413, 422, 503) },
});

const list = createRoute({
  method: 'get',
  path: '/verifications',
  tags: TAGS,
  summary: 'Receipts, newest first',
  request: { query: z.strictObject(pageQuery) },
  responses: { 200: json(page, 'A page of receipts.'), ...problems(400, 503) },
});

const get = createRoute({
  method: 'get',
  path: '/verifications/{id}',
  tags: TAGS,
  summary: 'A receipt with its latest answer',
  request: { params },
  responses: { 200: json(verification, 'The receipt.'), ...problems(400, 404, 503) },
});

const getFiles = createRoute({
  method: 'get',
  path: '/verifications/{id}/files',
  tags: TAGS,
  summary: 'The files of an answer, the worst first',
  request: {
    params,
    query: z.strictObject({
      run: rowParam('The id of a run; the latest where not said.').optional(),
      state: fileState.optional(),
      cursor: pageQuery.cursor,
      limit: integerParam({ min: 1, max: MAX_FILES, fallback: 1000, description: 'Files at the most.' }),
    }),
  },
  responses: { 200: json(filePage, 'A page of files.'), ...problems(400, 404, 503) },
});

const again = createRoute({
  method: 'post',
  path: '/verifications/{id}/runs',
  tags: TAGS,
  summary: 'Would it still verify? Judge a receipt again by all that is known now',
  description: 'Adds a run; the first answer stays. Needs a token with the scope verify.',
  security: [{ token: [] }],
  request: { params, headers: idempotencyHeader },
  responses: {
    200: json(verification, 'The receipt with its new answer.'),
    ...problems(400, 401, 403, 404, 409, 413, 422, 503),
  },
});

const cursor = cursorOf('verifications', z.object({ at: z.int(), id: z.string().max(100) }));
const fileCursor = cursorOf(
  'verification files',
  z.object({ run: z.int().min(1), state: z.enum(FILE_STATES).nullable(), after: z.int().min(0) }),
);

/** Lists of hashes that were handed in, and what was answered. */
export function addVerificationRoutes(api: Api, environment: ApiEnvironment): void {
  addPosts(api, environment);
  api.openapi(list, async (c) => {
    const { cursor: text, limit } = c.req.valid('query');
    const found = await listVerifications(environment.database(), { olderThan: cursor.read(text), limit });
    const next = withNext(c, found.next && cursor.format(found.next));
    return c.json(conform(page, { verifications: found.verifications, next }), 200);
  });
  api.openapi(get, async (c) => {
    const { id } = c.req.valid('param');
    const found = await getVerification(environment.database(), { id });
    if (!found) throw noSuchReceipt(id);
    return c.json(toReceipt(found), 200);
  });
  api.openapi(getFiles, async (c) => {
    const { id } = c.req.valid('param');
    const { cursor: text, run, state, limit } = c.req.valid('query');
    const place = fileCursor.read(text);
    const asked = place ? { run: place.run, state: place.state ?? undefined, after: place.after } : { run, state };
    const found = await listVerificationFiles(environment.database(), { id, ...asked, limit });
    if (!found) throw noSuchReceipt(id);
    const after = found.next;
    const next = after === null ? null : fileCursor.format({ run: found.run, state: asked.state ?? null, after });
    return c.json(conform(filePage, { ...found, next: withNext(c, next) }), 200);
  });
}

function addPosts(api: Api, environment: ApiEnvironment): void {
  const context = () => ({ database: environment.database(), now: environment.now, log: environment.log });
  api.openAPIRegistry.registerPath(post);
  // The framework reads the query only: lists are read strictly by our own parsers, which tell more.
  api.openapi({ ...post, hide: true, request: { query: post.request.query } }, async (c) => {
    const source = await requireScope(c, environment, 'verify');
    const { model, version = null, place = null, require: required } = c.req.valid('query');
    if (version !== null && model === undefined) {
      const detail = 'version: it is named without its model. Name the model too, or neither.';
      throw new ApiError({ code: 'bad-request', detail, at: 'version' });
    }
    const requirements = readRequirements(required);
    const given = await readGivenHashList(c.req.raw);
    const standards = await environment.standards();
    if (!standards) throw new ApiError(NOT_READY);
    const expect = model === undefined ? null : { model, version };
    const input = { list: given, channel: 'api', source, place, expect } as const;
    try {
      const { id, answer } = verifyHashList(context(), input, standards);
      return c.json(
        conform(answered, { id, answer: bounded(answer), unmet: unmetRequirements(answer, requirements) }),
        200,
      );
    } catch (error) {
      if (!(error instanceof ExpectationError)) throw error;
      const at = error.code === 'no-model' ? 'model' : 'version';
      throw new ApiError({ code: 'unknown-expectation', reason: error.code, detail: error.message, at });
    }
  });
  api.openAPIRegistry.registerPath(again);
  api.openapi({ ...again, hide: true, request: { params } }, async (c) => {
    await requireScope(c, environment, 'verify');
    const { id } = c.req.valid('param');
    const standards = await environment.standards();
    if (!standards) throw new ApiError(NOT_READY);
    const found = await runAgain(context(), { id }, standards);
    if (!found) throw noSuchReceipt(id);
    return c.json(toReceipt(found), 200);
  });
}

function readRequirements(text: string | undefined): Requirement[] {
  return (text?.split(',') ?? []).map((word) => {
    if (isRequirement(word)) return word;
    const detail = `require: “${word}” is none of ${REQUIREMENTS.join(', ')}. Separate several by commas.`;
    throw new ApiError({ code: 'bad-request', detail, at: 'require' });
  });
}

/** Files that match are counted, not listed. */
function bounded(answer: VerificationAnswer) {
  const others = answer.files.filter(({ state }) => state !== 'matches');
  const files = others.slice(0, FILES_SHOWN);
  return { ...answer, files, filesOmitted: others.length - files.length };
}

function toReceipt(found: VerificationDetail) {
  const { answer } = found.latest;
  return conform(verification, { ...found, answer: bounded(answer) });
}

function noSuchReceipt(id: string): ApiError {
  return notFound(`There is no verification ${id}, or no such run of it.`, 'GET /api/v1/verifications lists them.');
}
