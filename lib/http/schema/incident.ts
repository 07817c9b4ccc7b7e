import { z } from '@hono/zod-openapi';
import { nodeFields } from './chain.ts';
import { time } from './time.ts';
import { incidentState, severity, tier } from './use-notice.ts';

/** Read by `readScope` (lib/provenance/read-scope.ts), which says what is wrong in more words than a schema can. */
export const scope = z.unknown().openapi('Scope', {
  type: 'object',
  description:
    'What an incident is about: `{"is": criterion}`, `{"all": [scope, …]}` or `{"any": [scope, …]}`, at most 4 deep and 50 criteria. A criterion has a `kind`: `dataset` and `base-model` (`alias`), `commit`, `repository`, `workflow`, `builder`, `identity` (with `issuer`), `key` (`fingerprint`), `file` (`digest`), `log-range` (`origin`, `from`, `to`), `window` (`from`, `to` in milliseconds). docs/incidents.md explains each.',
  example: { is: { kind: 'dataset', alias: 'https://data.models.example/reviews' } },
});

const tiers = z.object({ proven: z.int(), descendant: z.int(), declared: z.int(), 'not-excluded': z.int() });

export const incidentCounts = z
  .object({
    tiers,
    total: z.int(),
    undecided: z.int(),
    affected: z.int(),
    cleared: z.int(),
    deployed: z.int().openapi({ description: 'Run somewhere, as registered, and were not cleared.' }),
  })
  .openapi('IncidentCounts');

const summaryFields = {
  id: z.string(),
  number: z.int().openapi({ description: 'For people: `#7`.' }),
  title: z.string(),
  state: incidentState,
  severity,
  owner: z.string().nullable().openapi({ description: 'The name of who looks after it.' }),
  notice: z.string().nullable().openapi({ description: 'What consumers are told; null where nothing is.' }),
  openedAt: time('When it was opened.'),
  updatedAt: time('Of the last change that somebody made; give it with a change to have it refused where it is stale.'),
  closedAt: time('When it was closed; null while it is not.').nullable(),
  counts: incidentCounts,
};

export const incidentSummary = z.object(summaryFields).openapi('IncidentSummary');

export const incident = z
  .object({
    ...summaryFields,
    ownerId: z.string().nullable(),
    scope,
    noticeAt: time('Since when it says so.').nullable(),
    evaluatedAt: time('When the scope was last worked out.'),
    resolution: z.string().nullable().openapi({ description: 'What came of it; null while it is not closed.' }),
    events: z.array(
      z.object({
        id: z.string(),
        note: z.string(),
        addedAt: time('When it was linked.'),
        san: z.string().nullable(),
        issuer: z.string().nullable(),
        signedAt: time('Null where nothing proves a time.').nullable(),
      }),
    ),
  })
  .openapi('Incident');

const step = z
  .object({
    artifactId: z.int(),
    linkId: z.int().nullable(),
    state: z.enum(['verified', 'parent-unsigned', 'parent-unknown', 'declared', 'conflict']).nullable(),
    proofs: z.array(z.string()).openapi({ description: 'Who says so: ids of bundles, events or declarations.' }),
    because: z.string(),
  })
  .openapi('PathStep');

const reached = {
  artifactId: z.int(),
  tier,
  path: z.array(step).openapi({ description: 'From what the scope names to the artifact, which is the last step.' }),
  artifact: z.object(nodeFields).nullable(),
  deployments: z.array(z.object({ environment: z.string(), service: z.string() })),
};

export const incidentArtifact = z
  .object({
    ...reached,
    addedAt: time('Since when it is part of it.'),
    leftAt: time('Since when the scope reaches it no more.').nullable(),
    joined: z.boolean().openapi({ description: 'Whether it came by itself, after the opening or an edit.' }),
    decision: z.enum(['affected', 'cleared']).nullable(),
    decidedAt: time('When that was decided.').nullable(),
    decisionReason: z.string().nullable(),
  })
  .openapi('IncidentArtifact');

export const preview = z
  .object({
    counts: z.object({ tiers, total: z.int(), deployed: z.int() }),
    artifacts: z.array(z.object(reached)).openapi({ description: 'What runs first, then by tier, the surest first.' }),
  })
  .openapi('IncidentPreview');

export const auditEntry = z
  .object({
    seq: z.int(),
    at: time('When.'),
    actor: z.string().openapi({ description: 'Who, as they were called then.' }),
    action: z.string(),
    target: z.string(),
    detail: z.record(z.string(), z.unknown()),
    hash: z.string(),
  })
  .openapi('IncidentAuditEntry');
