import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { ALERT } from '#lib/provenance/alert-words.ts';
import { acknowledgeAlerts } from '#lib/services/alert/acknowledge.ts';
import { AlertChangeError, MAX_NOTE, UnknownAlertError } from '#lib/services/alert/change.ts';
import { type AlertDetail, getAlert } from '#lib/services/alert/get.ts';
import { type ListedAlert, listAlerts } from '#lib/services/alert/list.ts';
import { muteAlerts } from '#lib/services/alert/mute.ts';
import { resolveAlerts } from '#lib/services/alert/resolve.ts';
import { unmuteAlerts } from '#lib/services/alert/unmute.ts';
import { getMessage, type MessageSummary } from '#lib/services/message/list.ts';
import { resendMessage, UnknownMessageError } from '#lib/services/message/resend.ts';
import { UnknownChannelError } from '#lib/services/message/send-test.ts';
import type { Api, ApiEnvironment } from '../api.ts';
import { conform } from '../conform.ts';
import { cursorOf } from '../cursor.ts';
import { describeIssue } from '../describe-issue.ts';
import { nextField, pageQuery, withNext } from '../paging.ts';
import { pathParam } from '../params.ts';
import { parseJson } from '../parse-json.ts';
import { ApiError, notFound } from '../problem.ts';
import { problems } from '../problem-schema.ts';
import { readBody } from '../read-body.ts';
import { requireScope } from '../require-scope.ts';
import { json } from '../responses.ts';
import { ALERT_STATES, alert, alertKind, alertMessage, alertSeverity } from '../schema/alert.ts';
import { time } from '../schema/time.ts';

const TAGS = ['Alerts'];
const MAX_BODY = 32 * 1024;
const needs = 'Needs a token with the scope investigate.';

const page = z.object({ alerts: z.array(alert), next: nextField }).openapi('AlertPage');
const detail = alert
  .extend({ messages: z.array(alertMessage).openapi({ description: 'Messages that told of it, the newest first.' }) })
  .openapi('AlertDetail');

const note = z.string().max(MAX_NOTE).optional().openapi({ description: 'Why, for people; kept in the audit trail.' });
const noted = z.strictObject({ note }).openapi('AlertNote');
const mute = z
  .strictObject({ untilAt: time('Until when it stays silent; a year ahead at the most.'), note })
  .openapi('AlertMute');

const list = createRoute({
  method: 'get',
  path: '/alerts',
  tags: TAGS,
  summary: 'Alerts, those that came last first',
  request: {
    query: z.strictObject({
      state: z
        .enum([...ALERT_STATES, 'open'])
        .optional()
        .openapi({ description: '`open`: all but the resolved ones. Without it, all.' }),
      kind: alertKind.optional(),
      severity: alertSeverity.optional().openapi({ description: 'The least severity.' }),
      ...pageQuery,
    }),
  },
  responses: { 200: json(page, 'A page of alerts.'), ...problems(400, 503) },
});

const params = z.object({ id: pathParam('id', 'Of an alert.') });

const get = createRoute({
  method: 'get',
  path: '/alerts/{id}',
  tags: TAGS,
  summary: 'One alert, with the messages that told of it',
  request: { params },
  responses: { 200: json(detail, 'The alert.'), ...problems(400, 404, 503) },
});

/** A change of one alert. */
function changeRoute<Path extends string, Body extends z.ZodType>(
  path: Path,
  summary: string,
  description: string,
  schema: Body,
  isRequired = false,
) {
  return createRoute({
    method: 'post',
    path,
    tags: TAGS,
    summary,
    description: `${description} ${needs}`,
    security: [{ token: [] }],
    request: { params, body: { required: isRequired, content: { 'application/json': { schema } } } },
    responses: { 200: json(detail, 'The alert as it is now.'), ...problems(400, 401, 403, 404, 413, 503) },
  });
}

const CHANGES = {
  acknowledge: changeRoute(
    '/alerts/{id}/acknowledge',
    'Say that somebody looks after an alert',
    'It is told again only if it becomes graver.',
    noted,
  ),
  mute: changeRoute(
    '/alerts/{id}/mute',
    'Keep an alert silent until a time',
    'Whatever comes of it; then it is new again.',
    mute,
    true,
  ),
  unmute: changeRoute('/alerts/{id}/unmute', 'Make a muted alert new again', 'Before its time.', noted),
  resolve: changeRoute(
    '/alerts/{id}/resolve',
    'Say that an alert is settled',
    'It is new again only if its cause was gone and comes again.',
    noted,
  ),
} as const;

const resend = createRoute({
  method: 'post',
  path: '/alerts/messages/{id}/resend',
  tags: TAGS,
  summary: 'Send a message again that was given up',
  description: `It keeps its id. What waits in the outbox or was taken stays as it is, however often this is asked. ${needs}`,
  security: [{ token: [] }],
  request: { params: z.object({ id: pathParam('id', 'Of a message.') }) },
  responses: { 200: json(alertMessage, 'The message as it is now.'), ...problems(400, 401, 403, 404, 503) },
});

const cursor = cursorOf('alerts', z.object({ lastAt: z.int(), id: z.string().max(100) }));

/** What somebody should hear of. */
export function addAlertRoutes(api: Api, environment: ApiEnvironment): void {
  const context = () => ({ database: environment.database(), now: environment.now, log: environment.log });
  api.openapi(list, async (c) => {
    const { cursor: text, limit, ...filter } = c.req.valid('query');
    const found = await listAlerts(environment.database(), { filter, limit, olderThan: cursor.read(text) });
    const next = withNext(c, found.next && cursor.format(found.next));
    return c.json(conform(page, { alerts: found.alerts.map(alertOf), next }), 200);
  });
  api.openapi(get, async (c) => {
    const found = await getAlert(environment.database(), c.req.valid('param').id);
    if (!found) throw unknown();
    return c.json(conform(detail, detailOf(found)), 200);
  });
  const change = async (c: Context, schema: typeof noted | typeof mute): Promise<Response> => {
    // Who may not change alerts is told so before anything of the body is looked at.
    const name = await requireScope(c, environment, 'investigate');
    const id = c.req.param('id') ?? '';
    const given = await readChange(c, schema);
    const wanted = { ids: [id], actor: { kind: 'token', name } as const, note: given.note };
    try {
      if ('untilAt' in given) muteAlerts(context(), { ...wanted, until: given.untilAt });
      else if (c.req.path.endsWith('/acknowledge')) acknowledgeAlerts(context(), wanted);
      else if (c.req.path.endsWith('/unmute')) unmuteAlerts(context(), wanted);
      else resolveAlerts(context(), wanted);
    } catch (error) {
      if (error instanceof UnknownAlertError) throw unknown();
      if (!(error instanceof AlertChangeError)) throw error;
      const at = error.at === 'until' ? 'untilAt' : error.at;
      throw new ApiError({ code: 'bad-request', detail: error.message, at });
    }
    const changed = await getAlert(environment.database(), id);
    if (!changed) throw unknown();
    return c.json(conform(detail, detailOf(changed)), 200);
  };
  api.openapi(resend, async (c) => {
    const name = await requireScope(c, environment, 'investigate');
    const { id } = c.req.valid('param');
    try {
      resendMessage(context(), id, { kind: 'token', name });
    } catch (error) {
      if (error instanceof UnknownMessageError)
        throw notFound('There is no such message.', 'GET /api/v1/alerts/{id} lists those that told of an alert.');
      if (error instanceof UnknownChannelError) throw new ApiError({ code: 'bad-request', detail: error.message });
      throw error;
    }
    const message = await getMessage(environment.database(), id);
    if (!message) throw notFound('There is no such message.', 'It was pruned a moment ago.');
    return c.json(conform(alertMessage, messageOf(message)), 200);
  });
  for (const [name, route] of Object.entries(CHANGES)) {
    api.openAPIRegistry.registerPath(route);
    api.post(route.getRoutingPath(), (c) => change(c, name === 'mute' ? mute : noted));
  }
}

async function readChange(
  c: Context,
  schema: typeof noted | typeof mute,
): Promise<z.infer<typeof noted | typeof mute>> {
  const bytes = c.req.raw.body === null ? new Uint8Array() : await readBody(c.req.raw, MAX_BODY);
  const read = schema.safeParse(bytes.length === 0 ? {} : parseJson(bytes));
  if (!read.success) throw new ApiError({ code: 'bad-request', ...describeIssue(read.error) });
  return read.data;
}

function unknown(): ApiError {
  return notFound('There is no such alert.', 'GET /api/v1/alerts lists them.');
}

function alertOf({ mutedUntil, ...listed }: ListedAlert) {
  const { how, next } = ALERT[listed.kind];
  return { ...listed, how, next, mutedUntilAt: mutedUntil };
}

function detailOf({ history: _, isStanding: __, messages, ...listed }: AlertDetail) {
  return {
    ...alertOf(listed),
    messages: messages.map(messageOf),
  };
}

function messageOf({ id, channel, kind, state, attempts, problem, createdAt, sentAt }: MessageSummary) {
  return { id, channel, kind, state, attempts, problem, createdAt, sentAt };
}
