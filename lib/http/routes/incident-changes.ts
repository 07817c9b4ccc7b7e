import { createRoute, z } from '@hono/zod-openapi';
import type { ServiceContext } from '#lib/services/context.ts';
import { assignIncident } from '#lib/services/incident/assign.ts';
import type { IncidentChange, IncidentRow } from '#lib/services/incident/change.ts';
import { decideArtifacts, MOST_DECIDED } from '#lib/services/incident/decide.ts';
import { editScope } from '#lib/services/incident/edit-scope.ts';
import { linkEvent } from '#lib/services/incident/link-event.ts';
import { addNote } from '#lib/services/incident/note.ts';
import { setNotice } from '#lib/services/incident/set-notice.ts';
import { setSeverity } from '#lib/services/incident/set-severity.ts';
import { setState } from '#lib/services/incident/set-state.ts';
import { unlinkEvent } from '#lib/services/incident/unlink-event.ts';
import type { Api, ApiEnvironment } from '../api.ts';
import { conform } from '../conform.ts';
import { idempotencyHeader } from '../idempotency.ts';
import { scopeOf, withIncidentErrors } from '../incident-errors.ts';
import { pathParam } from '../params.ts';
import { problems } from '../problem-schema.ts';
import { readJson } from '../read-json.ts';
import { requireScope } from '../require-scope.ts';
import { json } from '../responses.ts';
import { incident, scope } from '../schema/incident.ts';
import { time } from '../schema/time.ts';
import { incidentState, severity } from '../schema/use-notice.ts';
import { incidentParams, requireIncident } from './incidents.ts';

const TAGS = ['Incidents'];
const NEEDS = 'Needs a token with the scope investigate.';
const SECURITY = [{ token: [] }];
const MAX_BODY = 1024 * 1024;

const seen = {
  updatedAt: time(
    'Of the incident as it was looked at: a change by somebody else since then refuses this one.',
  ).optional(),
};

const bodies = {
  state: z
    .strictObject({
      state: incidentState,
      resolution: z.string().optional().openapi({ description: 'What came of it: needed to close.' }),
      ...seen,
    })
    .openapi('IncidentStateChange'),
  decisions: z
    .strictObject({
      artifactIds: z.array(z.int()).min(1).max(MOST_DECIDED),
      decision: z.enum(['affected', 'cleared']).nullable().openapi({ description: 'Null takes a decision back.' }),
      reason: z.string(),
      ...seen,
    })
    .openapi('IncidentDecision'),
  notes: z
    .strictObject({ text: z.string().openapi({ description: 'Plain text with line breaks.' }), ...seen })
    .openapi('IncidentNote'),
  notice: z
    .strictObject({
      notice: z.string().nullable().openapi({ description: 'What consumers are told: plain text. Null says nothing.' }),
      ...seen,
    })
    .openapi('IncidentPublicNotice'),
  scope: z.strictObject({ scope, ...seen }).openapi('IncidentScopeChange'),
  severity: z.strictObject({ severity, ...seen }).openapi('IncidentSeverityChange'),
  owner: z.strictObject({ ownerId: z.string().max(100).nullable(), ...seen }).openapi('IncidentOwnerChange'),
  events: z
    .strictObject({ eventId: z.string().max(100), note: z.string().default(''), ...seen })
    .openapi('IncidentEventLink'),
};

/** Changes of incidents: each is one entry of its audit trail. */
export function addIncidentChangeRoutes(api: Api, environment: ApiEnvironment): void {
  add(
    api,
    environment,
    { name: 'state', summary: 'Move an incident on, close or reopen it', schema: bodies.state },
    (ctx, change, body) => setState(ctx, { ...change, state: body.state, resolution: body.resolution }),
  );
  add(
    api,
    environment,
    { name: 'decisions', summary: 'Decide about artifacts', schema: bodies.decisions },
    (ctx, change, body) => decideArtifacts(ctx, { ...change, ...body }),
  );
  add(api, environment, { name: 'notes', summary: 'Write a note', schema: bodies.notes }, (ctx, change, body) =>
    addNote(ctx, { ...change, text: body.text }),
  );
  add(
    api,
    environment,
    { name: 'notice', summary: 'Word what consumers are told', schema: bodies.notice },
    (ctx, change, body) => setNotice(ctx, { ...change, notice: body.notice }),
  );
  add(
    api,
    environment,
    { name: 'scope', summary: 'Give it another scope', schema: bodies.scope },
    (ctx, change, body) => editScope(ctx, { ...change, scope: scopeOf(body.scope) }),
  );
  add(
    api,
    environment,
    { name: 'severity', summary: 'Say how bad it is', schema: bodies.severity },
    (ctx, change, body) => setSeverity(ctx, { ...change, severity: body.severity }),
  );
  add(
    api,
    environment,
    { name: 'owner', summary: 'Say who looks after it', schema: bodies.owner },
    (ctx, change, body) => assignIncident(ctx, { ...change, ownerId: body.ownerId }),
  );
  add(
    api,
    environment,
    { name: 'events', summary: 'Put a signing event beside it', schema: bodies.events },
    (ctx, change, body) => linkEvent(ctx, { ...change, eventId: body.eventId, note: body.note }),
  );
  addUnlink(api, environment);
}

interface ChangeRoute<S> {
  /** Last part of its address. */
  readonly name: keyof typeof bodies;
  readonly summary: string;
  readonly schema: S;
}

function add<S extends z.ZodType<{ readonly updatedAt?: number | undefined }>>(
  api: Api,
  environment: ApiEnvironment,
  { name, summary, schema }: ChangeRoute<S>,
  act: (ctx: ServiceContext, change: IncidentChange, body: z.output<S>) => IncidentRow,
): void {
  const route = createRoute({
    method: 'post',
    path: `/incidents/{id}/${name}`,
    tags: TAGS,
    summary,
    description: NEEDS,
    security: SECURITY,
    request: {
      params: incidentParams,
      headers: idempotencyHeader,
      body: { required: true, content: { 'application/json': { schema } } },
    },
    responses: {
      200: json(incident, 'The incident as it is now.'),
      ...problems(400, 401, 403, 404, 409, 413, 422, 503),
    },
  });
  api.openAPIRegistry.registerPath(route);
  // Read by hand: who may not change it is told so before anything of the body is looked at.
  api.openapi({ ...route, hide: true, request: { params: incidentParams } }, async (c) => {
    const token = await requireScope(c, environment, 'investigate');
    const database = environment.database();
    const { id } = await requireIncident(database, c.req.valid('param').id);
    const body = await readJson(c.req.raw, schema, MAX_BODY);
    const change = { id, actor: { kind: 'token', name: token }, seen: body.updatedAt } as const;
    withIncidentErrors(() => act({ database, now: environment.now, log: environment.log }, change, body));
    return c.json(conform(incident, await requireIncident(database, id)), 200);
  });
}

function addUnlink(api: Api, environment: ApiEnvironment): void {
  const route = createRoute({
    method: 'delete',
    path: '/incidents/{id}/events/{event}',
    tags: TAGS,
    summary: 'Take a signing event away from it',
    description: `That it was there stays in the audit trail. ${NEEDS}`,
    security: SECURITY,
    request: { params: incidentParams.extend({ event: pathParam('event', 'Of a signing event: `evt_…`.') }) },
    responses: { 200: json(incident, 'The incident as it is now.'), ...problems(400, 401, 403, 404, 503) },
  });
  api.openapi(route, async (c) => {
    const token = await requireScope(c, environment, 'investigate');
    const database = environment.database();
    const { id: name, event: eventId } = c.req.valid('param');
    const { id } = await requireIncident(database, name);
    const ctx = { database, now: environment.now, log: environment.log };
    withIncidentErrors(() => unlinkEvent(ctx, { id, actor: { kind: 'token', name: token }, eventId }));
    return c.json(conform(incident, await requireIncident(database, id)), 200);
  });
}
