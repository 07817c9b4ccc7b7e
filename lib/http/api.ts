import { OpenAPIHono } from '@hono/zod-openapi';
import { HTTPException } from 'hono/http-exception';
import type { Logger } from 'pino';
import type { OpenDatabase } from '#db/client.ts';
import type { Actor } from '#lib/services/access/actor.ts';
import type { Role } from '#lib/services/access/role.ts';
import type { Standards } from '#lib/services/standards.ts';
import { VERSION } from '#lib/version.ts';
import { allowedMethods } from './allowed-methods.ts';
import { noStore, tagged } from './caching.ts';
import { declaredAccess } from './declared-access.ts';
import { describeIssue } from './describe-issue.ts';
import { idempotent } from './idempotency.ts';
import { ApiError, problemResponse } from './problem.ts';
import { type RateLimits, rateLimit } from './rate-limit.ts';
import { addAlertRoutes } from './routes/alerts.ts';
import { addArtifactRoutes } from './routes/artifacts.ts';
import { addBackfillRoutes } from './routes/backfills.ts';
import { addBundleRoutes } from './routes/bundles.ts';
import { addCertificateRoutes } from './routes/certificates.ts';
import { addDatasetRoutes } from './routes/datasets.ts';
import { addDeploymentRoutes } from './routes/deployments.ts';
import { addEventFileRoutes } from './routes/event-files.ts';
import { addEventRoutes } from './routes/events.ts';
import { addExpectedRoutes } from './routes/expected-signings.ts';
import { addFindingRoutes } from './routes/findings.ts';
import { addHandInRoute } from './routes/hand-in.ts';
import { addIdentityRoutes } from './routes/identities.ts';
import { addIncidentArchiveRoute } from './routes/incident-archive.ts';
import { addIncidentChangeRoutes } from './routes/incident-changes.ts';
import { addIncidentRoutes } from './routes/incidents.ts';
import { addLevelRoutes } from './routes/levels.ts';
import { addLogRoutes } from './routes/logs.ts';
import { addModelRoutes } from './routes/models.ts';
import { addPublicationRoutes } from './routes/publications.ts';
import { addRegistrationRoute } from './routes/registrations.ts';
import { addSettingRoutes } from './routes/settings.ts';
import { addShareLinkRoutes } from './routes/share-links.ts';
import { addSourceRoutes } from './routes/sources.ts';
import { addTokenRoutes } from './routes/tokens.ts';
import { addTrainingLogRoutes } from './routes/training-logs.ts';
import { addUndecidedRoute } from './routes/undecided.ts';
import { addVerificationRoutes } from './routes/verifications.ts';
import { addVersionRoutes } from './routes/versions.ts';

/** What the API works with; given by the process that serves it. */
export interface ApiEnvironment {
  /** @throws {ApiError} 503 where the database cannot be read. */
  database(): OpenDatabase;
  /** The standards in force; null where the jobs have never run. */
  standards(): Promise<Standards | null>;
  /** Milliseconds since the epoch. */
  now(): number;
  readonly log: Logger;
  /** Who asks in a browser, of a server that knows sessions; null for nobody. */
  visitor?(headers: Headers): Promise<Visitor | null>;
  /** `RATE_LIMITS` where not said. */
  readonly rateLimits?: RateLimits;
}

/** Somebody in a browser. */
export interface Visitor {
  readonly actor: Actor;
  readonly role: Role;
  /** Whether the request was made by a page of this very dashboard. */
  readonly isOwnPage: boolean;
}

export type Api = OpenAPIHono;

const GROUPS = [
  addModelRoutes,
  addVersionRoutes,
  addLevelRoutes,
  addArtifactRoutes,
  addDatasetRoutes,
  addIdentityRoutes,
  addFindingRoutes,
  addAlertRoutes,
  addBundleRoutes,
  addHandInRoute,
  addEventRoutes,
  addEventFileRoutes,
  addUndecidedRoute,
  addLogRoutes,
  addBackfillRoutes,
  addCertificateRoutes,
  addSourceRoutes,
  addVerificationRoutes,
  addRegistrationRoute,
  addExpectedRoutes,
  addIncidentRoutes,
  addIncidentChangeRoutes,
  addDeploymentRoutes,
  addTokenRoutes,
  addSettingRoutes,
  addTrainingLogRoutes,
  addIncidentArchiveRoute,
  addPublicationRoutes,
  addShareLinkRoutes,
] as const;

/** Not those of tokens and links, whose answers are secrets that are nowhere stored. */
const IDEMPOTENT = [
  '/bundles',
  '/logs/:id/backfills',
  '/training-logs',
  '/verifications',
  '/verifications/:id/runs',
  '/models/:model/versions',
  '/expected-signings',
  '/incidents',
  '/incidents/:id/state',
  '/incidents/:id/decisions',
  '/incidents/:id/notes',
  '/incidents/:id/notice',
  '/incidents/:id/scope',
  '/incidents/:id/severity',
  '/incidents/:id/owner',
  '/incidents/:id/events',
  '/deployments',
  '/deployments/:id/end',
] as const;

const DESCRIPTION =
  'What Modeltrail saw signed, how it is known, and what it makes of it. States are those of the pages; a claim is never given as a proof. Times are milliseconds since the epoch, in fields whose names end in `At`. Lists give `next`, an opaque cursor, and a Link header.';

/** The head of the OpenAPI document. */
const ABOUT = { openapi: '3.1.0', info: { title: 'Modeltrail', version: VERSION, description: DESCRIPTION } };

/** What the API is, for programs: the OpenAPI document that it gives out. */
export function describeApi(api: Api): unknown {
  return api.getOpenAPI31Document(ABOUT);
}

/**
 * The HTTP API, version 1. Reading needs a token of the scope read, or a session; writing what each operation says. Errors are problem documents
 * (RFC 9457), lists are paged by cursor.
 */
export function createApi(environment: ApiEnvironment): Api {
  const api = new OpenAPIHono({
    defaultHook: (result, c) => {
      if (result.success) return undefined;
      const { at, detail } = describeIssue(result.error);
      return problemResponse(c, { code: 'bad-request', detail, at });
    },
  }).basePath('/api/v1');
  api.use(noStore, tagged, rateLimit(environment), declaredAccess(api, environment));
  api.on('POST', [...IDEMPOTENT], idempotent(environment));
  answerErrors(api, environment);
  for (const addRoutes of GROUPS) addRoutes(api, environment);
  api.openAPIRegistry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' });
  api.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-modeltrail',
    description: 'Of somebody who is signed in, and asks from a page of the dashboard. Plain `modeltrail` on loopback.',
  });
  api.doc31('/openapi.json', ABOUT);
  return api;
}

function answerErrors(api: Api, environment: ApiEnvironment): void {
  api.onError((error, c) => {
    if (error instanceof ApiError) return problemResponse(c, error.problem);
    if (error instanceof HTTPException) {
      const detail = `${error.message || 'The request cannot be taken.'} See /api/v1/openapi.json.`;
      return problemResponse(c, { code: 'bad-request', detail });
    }
    environment.log.error({ err: error, path: c.req.path }, 'a request to the API failed');
    const detail = 'The server made a mistake; its log says more. Nothing of the request was kept.';
    return problemResponse(c, { code: 'internal', detail });
  });
  api.notFound((c) => {
    const path = c.req.path.slice(0, 200);
    const allowed = allowedMethods(api, c.req.path);
    if (allowed.length > 0) {
      c.header('Allow', allowed.join(', '));
      const detail = `${path} answers ${allowed.join(', ')} only, not ${c.req.method}.`;
      return problemResponse(c, { code: 'method-not-allowed', detail });
    }
    const detail = `There is no ${c.req.method} ${path}. /api/v1/openapi.json lists what there is.`;
    return problemResponse(c, { code: 'not-found', detail });
  });
}
