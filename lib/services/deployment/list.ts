import { and, desc, eq, isNotNull, isNull, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { deployments } from '#db/schema/deployment.ts';
import { versions } from '#db/schema/model.ts';
import { type Deployment, describeDeployments } from './read.ts';

const placeSchema = z.object({ startedAt: z.int(), id: z.string().max(100) });

const inputSchema = z.object({
  /** Both compared whole. */
  environment: z.string().max(200).optional(),
  service: z.string().max(200).optional(),
  /** Part of the environment or the service, in upper or lower case. */
  search: z.string().max(512).optional(),
  /** `running` where not said. */
  state: z.enum(['running', 'ended', 'all']).default('running'),
  /** Of this model alone: its id. */
  modelId: z.string().max(100).optional(),
  artifactId: z.int().optional(),
  olderThan: placeSchema.optional(),
  limit: z.int().min(1).max(200),
});

export interface DeploymentPage {
  readonly deployments: readonly Deployment[];
  readonly next: z.infer<typeof placeSchema> | null;
}

/** What runs, or ran, with what is known of it now: the latest first. */
export async function listDeployments(
  { db }: OpenDatabase,
  input: z.input<typeof inputSchema>,
): Promise<DeploymentPage> {
  const { environment, service, search, state, modelId, artifactId, olderThan, limit } = inputSchema.parse(input);
  const { id, startedAt, endedAt } = deployments;
  const ofModel = db
    .select({ id: versions.artifactId })
    .from(versions)
    .where(eq(versions.modelId, modelId ?? ''));
  const rows = db
    .select()
    .from(deployments)
    .where(
      and(
        state === 'all' ? undefined : state === 'running' ? isNull(endedAt) : isNotNull(endedAt),
        environment === undefined ? undefined : eq(deployments.environment, environment),
        service === undefined ? undefined : eq(deployments.service, service),
        search === undefined || search.trim() === '' ? undefined : contains(search.trim()),
        artifactId === undefined ? undefined : eq(deployments.artifactId, artifactId),
        modelId === undefined ? undefined : sql`${deployments.artifactId} IN ${ofModel}`,
        olderThan && sql`(${startedAt}, ${id}) < (${olderThan.startedAt}, ${olderThan.id})`,
      ),
    )
    .orderBy(desc(startedAt), desc(id))
    .limit(limit + 1)
    .all();
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    deployments: describeDeployments(db, page),
    next: rows.length > limit && last ? { startedAt: last.startedAt, id: last.id } : null,
  };
}

function contains(text: string): SQL {
  const folded = text.toLowerCase();
  const place = sql`lower(${deployments.environment} || ' ' || ${deployments.service})`;
  return sql`replace(${place}, ${folded}, '') <> ${place}`;
}
