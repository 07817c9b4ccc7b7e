import { createRoute, z } from '@hono/zod-openapi';
import type { OpenDatabase } from '#db/client.ts';
import { nameOfActor } from '#lib/services/access/actor.ts';
import { getIncident, type IncidentDetail } from '#lib/services/incident/get.ts';
import { listIncidents } from '#lib/services/incident/list.ts';
import { listIncidentArtifacts } from '#lib/services/incident/list-artifacts.ts';
import { listIncidentAudit } from '#lib/services/incident/list-audit.ts';
import { openIncident } from '#lib/services/incident/open.ts';
import { previewScope } from '#lib/services/incident/preview.ts';
import type { Api, ApiEnvironment } from '../api.ts';
import { conform } from '../conform.ts';
import { cursorOf } from '../cursor.ts';
import { idempotencyHeader } from '../idempotency.ts';
import { scopeOf, withIncidentErrors } from '../incident-errors.ts';
import { nextField, pageQuery, withNext } from '../paging.ts';
import { flagParam, pathParam, textParam } from '../params.ts';
import { notFound } from '../problem.ts';
import { problems } from '../problem-schema.ts';
import { readJson } from '../read-json.ts';
import { requireScope } from '../require-scope.ts';
import { json } from '../responses.ts';
import { auditEntry, incident, incidentArtifact, incidentSummary, preview, scope } from '../schema/incident.ts';
import { incidentState, severity, tier } from '../schema/use-notice.ts';

const TAGS = ['Incidents'];
const NEEDS = 'Needs a token with the scope investigate.';
const MAX_BODY = 256 * 1024;
const PREVIEWED = 200;
const SECURITY = [{ token: [] }];

export const incidentParams = z.object({ id: pathParam('id', 'Of an incident: `inc_…`, or its number.') });

const wanted = z
  .strictObject({
    title: z.string().openapi({ description: 'One line, at most 200 characters.' }),
    severity,
    scope,
    ownerId: z
      .string()
      .max(100)
      .nullable()
      .default(null)
      .openapi({ description: 'Id of the user who looks after it.' }),
  })
  .openapi('NewIncident');
const scopeBody = z.strictObject({ scope });

const page = z.object({ incidents: z.array(incidentSummary), next: nextField }).openapi('IncidentPage');
const artifactPage = z
  .object({ artifacts: z.array(incidentArtifact), next: nextField })
  .openapi('IncidentArtifactPage');
const auditPage = z
  .object({
    entries: z.array(auditEntry),
    fault: z
      .object({ seq: z.int(), problem: z.string() })
      .nullable()
      .openapi({ description: 'What is wrong with the whole chain; null where nothing is.' }),
    next: nextField,
  })
  .openapi('IncidentAuditPage');

const post = createRoute({
  method: 'post',
  path: '/incidents',
  tags: TAGS,
  summary: 'Open an incident',
  description: `What its scope reaches is refused from now on: by verdicts, pages and the commands. ${NEEDS}`,
  security: SECURITY,
  request: {
    headers: idempotencyHeader,
    body: { required: true, content: { 'application/json': { schema: wanted } } },
  },
  responses: { 200: json(incident, 'The incident.'), ...problems(400, 401, 403, 409, 413, 422, 503) },
});
const postPreview = createRoute({
  method: 'post',
  path: '/incidents/preview',
  tags: TAGS,
  summary: 'What a scope would reach',
  description: `Nothing is kept. The first ${PREVIEWED} artifacts are listed; the counts are of all. ${NEEDS}`,
  security: SECURITY,
  request: { body: { required: true, content: { 'application/json': { schema: scopeBody } } } },
  responses: { 200: json(preview, 'What it reaches.'), ...problems(400, 401, 403, 413, 503) },
});
const list = createRoute({
  method: 'get',
  path: '/incidents',
  tags: TAGS,
  summary: 'Incidents, the newest first',
  description: NEEDS,
  security: SECURITY,
  request: {
    query: z.strictObject({
      state: incidentState.optional(),
      severity: severity.optional(),
      owner: textParam('Id of a user, or `nobody`.', 100).optional(),
      ...pageQuery,
    }),
  },
  responses: { 200: json(page, 'A page of incidents.'), ...problems(400, 401, 403, 503) },
});
const get = createRoute({
  method: 'get',
  path: '/incidents/{id}',
  tags: TAGS,
  summary: 'One incident',
  description: NEEDS,
  security: SECURITY,
  request: { params: incidentParams },
  responses: { 200: json(incident, 'The incident.'), ...problems(400, 401, 403, 404, 503) },
});
const getArtifacts = createRoute({
  method: 'get',
  path: '/incidents/{id}/artifacts',
  tags: TAGS,
  summary: 'What an incident reaches: what runs first, then by tier, each with its path and proofs',
  description: NEEDS,
  security: SECURITY,
  request: {
    params: incidentParams,
    query: z.strictObject({
      tier: tier.optional(),
      decision: z.enum(['affected', 'cleared', 'undecided']).optional(),
      left: flagParam('Those that the scope reaches no more, instead.'),
      ...pageQuery,
    }),
  },
  responses: { 200: json(artifactPage, 'A page of artifacts.'), ...problems(400, 401, 403, 404, 503) },
});
const getAudit = createRoute({
  method: 'get',
  path: '/incidents/{id}/audit',
  tags: TAGS,
  summary: 'What was done about an incident, the newest first',
  description: `A chain of hashes: each entry holds the hash of the one before. ${NEEDS}`,
  security: SECURITY,
  request: { params: incidentParams, query: z.strictObject(pageQuery) },
  responses: { 200: json(auditPage, 'A page of entries.'), ...problems(400, 401, 403, 404, 503) },
});

const cursor = cursorOf('incidents', z.int().min(1));
const artifactCursor = cursorOf('incident artifacts', z.object({ rank: z.int(), artifactId: z.int() }));
const auditCursor = cursorOf('incident audit', z.int().min(1));

/** Incidents as they are; `addIncidentChangeRoutes` changes them. */
export function addIncidentRoutes(api: Api, environment: ApiEnvironment): void {
  const context = () => ({ database: environment.database(), now: environment.now, log: environment.log });
  api.openAPIRegistry.registerPath(post);
  // Read by hand: who may not open one is told so before anything of the body is looked at.
  api.post(post.path, async (c) => {
    const name = await requireScope(c, environment, 'investigate');
    const { scope: given, ...body } = await readJson(c.req.raw, wanted, MAX_BODY);
    const input = { ...body, scope: scopeOf(given), actor: { kind: 'token', name } } as const;
    const { id } = withIncidentErrors(() => openIncident(context(), input));
    return c.json(conform(incident, await requireIncident(environment.database(), id)), 200);
  });
  api.openAPIRegistry.registerPath(postPreview);
  api.post(postPreview.path, async (c) => {
    await requireScope(c, environment, 'investigate');
    const body = await readJson(c.req.raw, scopeBody, MAX_BODY);
    const found = await previewScope(environment.database(), { scope: scopeOf(body.scope), limit: PREVIEWED });
    const artifacts = found.artifacts.map(({ node, ...part }) => ({ ...part, artifact: node }));
    return c.json(conform(preview, { counts: found.counts, artifacts }), 200);
  });
  api.openapi(list, async (c) => {
    await requireScope(c, environment, 'investigate');
    const { cursor: text, limit, ...filter } = c.req.valid('query');
    const found = await listIncidents(environment.database(), { filter, before: cursor.read(text), limit });
    const next = withNext(c, found.next === null ? null : cursor.format(found.next));
    return c.json(conform(page, { incidents: found.incidents, next }), 200);
  });
  api.openapi(get, async (c) => {
    await requireScope(c, environment, 'investigate');
    return c.json(conform(incident, await requireIncident(environment.database(), c.req.valid('param').id)), 200);
  });
  api.openapi(getArtifacts, async (c) => {
    await requireScope(c, environment, 'investigate');
    const database = environment.database();
    const { id } = await requireIncident(database, c.req.valid('param').id);
    const { cursor: text, limit, ...filter } = c.req.valid('query');
    const found = await listIncidentArtifacts(database, { id, filter, after: artifactCursor.read(text), limit });
    const next = withNext(c, found.next && artifactCursor.format(found.next));
    const artifacts = found.artifacts.map(({ node, ...part }) => ({ ...part, artifact: node }));
    return c.json(conform(artifactPage, { artifacts, next }), 200);
  });
  api.openapi(getAudit, async (c) => {
    await requireScope(c, environment, 'investigate');
    const database = environment.database();
    const { id } = await requireIncident(database, c.req.valid('param').id);
    const { cursor: text, limit } = c.req.valid('query');
    const found = await listIncidentAudit(database, { id, limit: limit + 1, before: auditCursor.read(text) });
    const entries = found.entries.slice(0, limit);
    const last = entries.at(-1);
    const next = withNext(c, last && found.entries.length > limit ? auditCursor.format(last.row) : null);
    const told = entries.map(({ actor, ...entry }) => ({ ...entry, actor: nameOfActor(actor) }));
    return c.json(conform(auditPage, { entries: told, fault: found.fault, next }), 200);
  });
}

/** @throws {ApiError} 404 */
export async function requireIncident(database: OpenDatabase, name: string): Promise<IncidentDetail> {
  const found = await getIncident(database, name);
  if (!found) throw notFound(`There is no incident ${name}.`, 'GET /api/v1/incidents lists them.');
  return found;
}
