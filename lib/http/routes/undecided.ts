import { createRoute, z } from '@hono/zod-openapi';
import { askRetry } from '#lib/services/event/ask-retry.ts';
import type { Api, ApiEnvironment } from '../api.ts';
import { conform } from '../conform.ts';
import { problems } from '../problem-schema.ts';
import { requireScope } from '../require-scope.ts';
import { json } from '../responses.ts';

const retried = z
  .object({ entries: z.int().describe('Undecided entries that will be read again.') })
  .openapi('Retried');

const retry = createRoute({
  method: 'post',
  path: '/undecided-entries/retry',
  tags: ['Events'],
  summary: 'Read every undecided entry again',
  description:
    'The jobs do it within seconds. After an upgrade they do it by themselves. Needs a token with the scope admin.',
  security: [{ token: [] }],
  responses: { 202: json(retried, 'They are about to be read.'), ...problems(401, 403, 503) },
});

export function addUndecidedRoute(api: Api, environment: ApiEnvironment): void {
  api.openapi(retry, async (c) => {
    await requireScope(c, environment, 'admin');
    const { now, log } = environment;
    const entries = askRetry({ database: environment.database(), now, log });
    return c.json(conform(retried, { entries }), 202);
  });
}
