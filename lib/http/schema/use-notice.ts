import { z } from '@hono/zod-openapi';
import { INCIDENT_STATE, SEVERITY, TIER } from '#lib/provenance/incident-words.ts';
import { statesOf } from './states.ts';
import { time } from './time.ts';

export const incidentState = statesOf(
  INCIDENT_STATE,
  ['open', 'under-review', 'contained', 'closed'],
  'IncidentState',
  'Where an incident is.',
);
export const severity = statesOf(SEVERITY, ['low', 'medium', 'high', 'critical'], 'Severity', 'How bad it is.');
export const tier = statesOf(
  TIER,
  ['proven', 'descendant', 'declared', 'not-excluded'],
  'Tier',
  'How sure it is that something is affected, the surest first.',
);

const incidentNotice = z.object({
  kind: z.literal('incident'),
  incidentId: z.string(),
  number: z.int(),
  state: incidentState,
  severity,
  tier,
  refuses: z.boolean().openapi({ description: 'Whether it must not be used; else it is told of only.' }),
  publicWording: z.string().nullable().openapi({ description: 'What the responder tells consumers: plain text.' }),
  since: time('Since when it is part of it.'),
});

const retractionNotice = z.object({
  kind: z.literal('retraction'),
  bundleId: z.string(),
  refuses: z.literal(true),
  reason: z.string().openapi({ description: 'In the words of its signer.' }),
  replacement: z.string().nullable().openapi({ description: 'What to use instead: `sha256:…`.' }),
  since: time('When the retraction was signed, where that is proven; else when it was first seen.'),
});

/** `UseNotice` (lib/provenance/use-notice.ts). */
export const useNotice = z.discriminatedUnion('kind', [incidentNotice, retractionNotice]).openapi('UseNotice', {
  description: 'What stands against using an artifact, whatever its files and signatures are.',
});
