import { z } from '@hono/zod-openapi';
import { FINDING } from '#lib/provenance/finding-words.ts';
import { FINDING_KINDS } from '#lib/provenance/findings.ts';
import { time } from './time.ts';

export const findingKind = z.enum(FINDING_KINDS).openapi('FindingKind', {
  description: FINDING_KINDS.map((kind) => `- \`${kind}\`: ${FINDING[kind].meaning}`).join('\n'),
});

export const finding = z
  .object({
    id: z.string(),
    kind: findingKind,
    model: z.object({ id: z.string(), name: z.string(), slug: z.string() }).nullable(),
    versionId: z.string().nullable(),
    bundleId: z.string().nullable(),
    statement: z.string().openapi({ description: 'One sentence for people.' }),
    evidence: z.record(z.string(), z.string()).openapi({ description: 'The values compared: label to value.' }),
    firstAt: time('When it was first found.'),
    resolvedAt: time('Since when it is so no longer; null while it is.').nullable(),
  })
  .openapi('Finding', { description: 'Something about a model that somebody should look at.' });
