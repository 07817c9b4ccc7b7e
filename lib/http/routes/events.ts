import { createRoute, z } from '@hono/zod-openapi';
import { type EventFilter, isSearchable } from '#lib/services/event/filter.ts';
import { type EventDetail, getEvent } from '#lib/services/event/get.ts';
import { listEvents } from '#lib/services/event/list.ts';
import type { Api, ApiEnvironment } from '../api.ts';
import { conform } from '../conform.ts';
import { cursorOf } from '../cursor.ts';
import { nextField, pageQuery, withNext } from '../paging.ts';
import { flagParam, pathParam, rowParam, textParam, timeParam } from '../params.ts';
import { ApiError, notFound } from '../problem.ts';
import { problems } from '../problem-schema.ts';
import { json } from '../responses.ts';
import { eventDetail, eventSummary } from '../schema/event.ts';
import { authenticity, claim } from '../schema/states.ts';

export const eventParams = z.object({ id: pathParam('id', 'Of an event: `evt_…`.') });

const eventPage = z.object({ events: z.array(eventSummary), next: nextField }).openapi('EventPage');

const list = createRoute({
  method: 'get',
  path: '/events',
  tags: ['Events'],
  summary: 'Log entries that a watch rule or a bundle met, newest first',
  description: 'All filters together are a conjunction.',
  request: {
    query: z.strictObject({
      q: textParam('Part of an identity, issuer, digest or name; three characters at the least.').optional(),
      identity: textParam('The identity as it is shown, whole.').optional(),
      issuer: textParam('The issuer, whole.').optional(),
      claim: claim.optional(),
      authenticity: authenticity.optional(),
      log: rowParam('The id of a log.').optional(),
      rule: textParam('The name of a watch rule.').optional(),
      from: timeParam('`occurredAt` from here on.'),
      to: timeParam('`occurredAt` before this.'),
      undecided: flagParam('Only entries that could not be decided.'),
      own: flagParam('Only what a rule about the own organisation met.'),
      undeclared: flagParam('Only what no declared signing accounts for.'),
      ...pageQuery,
    }),
  },
  responses: { 200: json(eventPage, 'A page of events.'), ...problems(400, 503) },
});

const get = createRoute({
  method: 'get',
  path: '/events/{id}',
  tags: ['Events'],
  summary: 'One event with every check made on it',
  request: { params: eventParams },
  responses: { 200: json(eventDetail, 'The event.'), ...problems(400, 404, 503) },
});

const cursor = cursorOf('events', z.object({ occurredAt: z.int(), id: z.string().max(100) }));

/** Signing events. */
export function addEventRoutes(api: Api, environment: ApiEnvironment): void {
  api.openapi(list, async (c) => {
    const { cursor: text, limit, ...query } = c.req.valid('query');
    const olderThan = cursor.read(text);
    const filter = toFilter(query);
    const page = await listEvents(environment.database(), { filter, limit, ...(olderThan && { olderThan }) });
    const next = withNext(c, page.older && cursor.format(page.older));
    return c.json(conform(eventPage, { events: page.events, next }), 200);
  });
  api.openapi(get, async (c) => {
    const { id } = c.req.valid('param');
    const detail = await getEvent(environment.database(), { id });
    if (!detail) throw noSuchEvent(id);
    return c.json(toEvent(detail), 200);
  });
}

export function noSuchEvent(id: string): ApiError {
  return notFound(`There is no event ${id}.`, 'GET /api/v1/events lists what there is.');
}

type Query = z.output<typeof list.request.query>;

function toFilter({ q, log, ...query }: Omit<Query, 'cursor' | 'limit'>): EventFilter {
  if (q !== undefined && !isSearchable(q)) {
    const detail = 'q: a search needs three characters at the least.';
    throw new ApiError({ code: 'bad-request', detail, at: 'q' });
  }
  return { ...query, search: q, logId: log };
}

function toEvent({ event, rules, certificate, checks, log, checkpoint, bundles }: EventDetail) {
  return conform(eventDetail, {
    ...event,
    origin: log?.origin ?? null,
    rules: rules.map((rule) => ({ ...rule, notes: JSON.parse(rule.notes) as string[] })),
    certificate,
    checks,
    log,
    checkpoint: checkpoint && { ...checkpoint, root: checkpoint.root.toString('hex') },
    bundles,
    files: {
      entry: event.entry !== null,
      proof: event.inclusionProof !== null && event.logIndex !== null && checkpoint !== null,
      checkpoint: checkpoint !== null,
      bundle: bundles.length > 0,
    },
  });
}
