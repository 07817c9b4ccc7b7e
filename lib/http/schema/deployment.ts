import { z } from '@hono/zod-openapi';
import { INCIDENT_STATES, SEVERITIES, TIERS } from '#db/schema/incident.ts';
import type { Deployment } from '#lib/services/deployment/read.ts';
import { MODEL_NAME } from './model.ts';
import { orNull } from './or-null.ts';
import { linkState, signatureState } from './states.ts';
import { time } from './time.ts';

const notice = z
  .object({
    incident: z.string().openapi({ description: 'The id of the incident.' }),
    number: z.int(),
    title: z.string(),
    state: z.enum(INCIDENT_STATES),
    severity: z.enum(SEVERITIES),
    tier: z.enum(TIERS).openapi({ description: 'How sure it is that this is affected, the surest first.' }),
    refuses: z.boolean().openapi({ description: 'Whether it must not be used.' }),
    sinceAt: time('Since when it is part of the incident.'),
  })
  .openapi('DeploymentNotice');

export const deployment = z
  .object({
    id: z.string(),
    environment: z.string(),
    service: z.string(),
    artifactId: z.int(),
    name: z.string().nullable().openapi({ description: MODEL_NAME }),
    versions: z
      .array(
        z.object({
          id: z.string(),
          model: z.object({ id: z.string(), name: z.string(), slug: z.string() }),
          label: z.string().nullable(),
          root: z.string(),
        }),
      )
      .openapi({ description: 'As which versions it is known; none for a digest whose files nobody has shown yet.' }),
    given: z.string().openapi({ description: 'What was said to run, as it was given.' }),
    source: z.string().openapi({ description: 'Who registered it.' }),
    startedAt: time('Since when it is registered.'),
    confirmedAt: time('When it was last said to run.'),
    endedAt: time('When it was said to run no more; null while it runs.').nullable(),
    refused: z.boolean().openapi({ description: 'Whether it should not run now: a pipeline stops on this.' }),
    verdict: z.object({
      signature: signatureState,
      signatureReason: z.string(),
      weakest: orNull(linkState).openapi({
        description: 'The weakest of all links upstream; null where no input is stated.',
      }),
      refusals: z
        .array(z.string())
        .openapi({ description: 'Why it is refused, a sentence each; empty where it is not.' }),
    }),
    notices: z.array(notice).openapi({ description: 'Incidents that it is part of, the newest first.' }),
  })
  .openapi('Deployment');

/** A deployment as the API gives it. */
export function toDeployment({ verdict, ...rest }: Deployment) {
  const { notices, faults: _, ...judged } = verdict;
  return {
    ...rest,
    refused: judged.refusals.length > 0,
    verdict: judged,
    notices: notices.map(({ incidentId, since, ...told }) => ({ ...told, incident: incidentId, sinceAt: since })),
  };
}
