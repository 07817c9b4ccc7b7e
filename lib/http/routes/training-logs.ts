import { createRoute, z } from '@hono/zod-openapi';
import { getVersion } from '#lib/services/model/get-version.ts';
import { getTrainingLog, getTrainingLogBytes } from '#lib/services/training-log/get.ts';
import { listTrainingLogsOfVersion } from '#lib/services/training-log/list-of-version.ts';
import { recordTrainingLog } from '#lib/services/training-log/record.ts';
import { MAX_LOG_BYTES } from '#lib/training-log/read.ts';
import { TrainingLogError } from '#lib/training-log/training-log-error.ts';
import type { Api, ApiEnvironment } from '../api.ts';
import { conform } from '../conform.ts';
import { pathParam } from '../params.ts';
import { ApiError, notFound } from '../problem.ts';
import { problems } from '../problem-schema.ts';
import { readBody } from '../read-body.ts';
import { requireScope } from '../require-scope.ts';
import { file, json } from '../responses.ts';
import { trainingLog, trainingLogFields, versionTrainingLog } from '../schema/training-log.ts';
import { sendBytes } from '../send-bytes.ts';

const TAGS = ['Training logs'];

const recorded = z
  .object({ id: z.string(), isNew: z.boolean(), run: z.string(), ...trainingLogFields })
  .openapi('RecordedTrainingLog');
const list = z.object({ trainingLogs: z.array(versionTrainingLog) }).openapi('VersionTrainingLogs');

const params = z.object({ id: pathParam('id', 'Of a training log: `trl_…`.') });

const post = createRoute({
  method: 'post',
  path: '/training-logs',
  tags: TAGS,
  summary: 'Hand in a sealed training log',
  description:
    'Every line is checked, from the header to the seal; a log that is broken or not sealed is refused with the line at fault, and not kept. Needs a token with the scope ingest.',
  security: [{ token: [] }],
  request: {
    body: {
      required: true,
      description: 'The sealed file as it is, at most 64 MiB.',
      content: { 'application/jsonl': { schema: z.string() } },
    },
  },
  responses: { 200: json(recorded, 'What was stored.'), ...problems(400, 401, 403, 409, 413, 422, 429, 503) },
});

const get = createRoute({
  method: 'get',
  path: '/training-logs/{id}',
  tags: TAGS,
  summary: 'A training log that was handed in, summed up',
  request: { params },
  responses: { 200: json(trainingLog, 'The log.'), ...problems(400, 404, 503) },
});

const getBytes = createRoute({
  method: 'get',
  path: '/training-logs/{id}/bytes',
  tags: TAGS,
  summary: 'The sealed file as it was handed in',
  request: { params },
  responses: { 200: file('application/octet-stream', 'The file.'), ...problems(400, 404, 503) },
});

const ofVersion = createRoute({
  method: 'get',
  path: '/versions/{id}/training-logs',
  tags: TAGS,
  summary: 'The training logs that verified provenance of a version names',
  request: { params: z.object({ id: pathParam('id', 'Of a version: `ver_…`.') }) },
  responses: { 200: json(list, 'The logs, with those of them that were handed in.'), ...problems(400, 404, 503) },
});

/** Training logs: handed in, and what attests them. */
export function addTrainingLogRoutes(api: Api, environment: ApiEnvironment): void {
  api.openAPIRegistry.registerPath(post);
  // Not read by the framework: the bytes themselves are what is hashed.
  api.post(post.path, async (c) => {
    const source = await requireScope(c, environment, 'ingest');
    const bytes = await readBody(c.req.raw, MAX_LOG_BYTES);
    const ctx = { database: environment.database(), now: environment.now, log: environment.log };
    try {
      return c.json(conform(recorded, recordTrainingLog(ctx, { bytes, source })), 200);
    } catch (error) {
      if (!(error instanceof TrainingLogError)) throw error;
      const { code, line, message } = error;
      const at = line === null ? null : `line ${line}`;
      throw new ApiError({ code: 'training-log-refused', reason: code, detail: message, at });
    }
  });
  api.openapi(get, async (c) => {
    const { id } = c.req.valid('param');
    const found = await getTrainingLog(environment.database(), { id });
    if (!found) throw noSuchLog(id);
    return c.json(conform(trainingLog, found), 200);
  });
  api.openapi(getBytes, async (c) => {
    const { id } = c.req.valid('param');
    const bytes = await getTrainingLogBytes(environment.database(), { id });
    if (!bytes) throw noSuchLog(id);
    return sendBytes(c, bytes, { type: 'application/octet-stream', name: `${id}.jsonl` });
  });
  api.openapi(ofVersion, async (c) => {
    const { id } = c.req.valid('param');
    const database = environment.database();
    if (!(await getVersion(database, { versionId: id, fileLimit: 0 }))) {
      throw notFound(`There is no version ${id}.`, 'GET /api/v1/models/{slug} lists those of a model.');
    }
    const trainingLogs = await listTrainingLogsOfVersion(database, { versionId: id });
    return c.json(conform(list, { trainingLogs }), 200);
  });
}

function noSuchLog(id: string): ApiError {
  return notFound(
    `There is no training log ${id}.`,
    'GET /api/v1/versions/{id}/training-logs lists those of a version.',
  );
}
