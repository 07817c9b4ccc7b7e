import { z } from '@hono/zod-openapi';
import { chainEdge, chainNode, nodeFields } from './chain.ts';
import { NOTICES } from './model.ts';
import { orNull } from './or-null.ts';
import { linkState, signatureState } from './states.ts';
import { time, timeSource } from './time.ts';
import { useNotice } from './use-notice.ts';

const ALIAS_KINDS = [
  'oms-root',
  'other-order-root',
  'manifest-id',
  'file',
  'oci-manifest',
  'repository',
  'commit',
  'stated',
  'name',
] as const;

export const SCHEMES = ['sha256', 'sha384', 'sha512', 'blake2b', 'blake3', 'git', 'hf', 'name'] as const;

export const artifactDetail = z
  .object({
    ...nodeFields,
    firstSeenAt: time('First seen.'),
    notices: z.array(useNotice).openapi({ description: NOTICES }),
    aliases: z.array(
      z.object({
        scheme: z.string(),
        value: z.string(),
        kind: z.enum(ALIAS_KINDS).openapi({
          description:
            'What the value is of it. `stated` and `name` are only said; the others are computed or observed.',
        }),
        firstSeenAt: time('First seen.'),
      }),
    ),
    links: z.array(chainEdge).openapi({ description: 'To its direct inputs.' }),
    uses: z.array(chainEdge).openapi({ description: 'From what was made of it, the first 500.' }),
    useCount: z.int().openapi({ description: 'Statements of uses in all.' }),
    neighbours: z.array(chainNode).openapi({ description: 'The artifacts at the other ends.' }),
    versions: z.array(
      z.object({
        id: z.string(),
        root: z.string(),
        label: z.string().nullable(),
        slug: z.string(),
        name: z.string(),
      }),
    ),
    declarations: z
      .array(z.object({ source: z.string(), path: z.string(), kind: z.string(), firstSeenAt: time('First seen.') }))
      .openapi({ description: 'Unsigned files that lie beside it: claims.' }),
    attestations: z.array(
      z.object({
        bundleId: z.string(),
        eventId: z.string().nullable(),
        kind: z.string(),
        predicateType: z.string().nullable(),
        san: z.string().nullable(),
        issuer: z.string().nullable(),
        signedAt: time('Null where nothing proves a time.').nullable(),
      }),
    ),
    signatures: z.array(
      z.object({
        bundleId: z.string(),
        by: z.enum(['files', 'digest', 'statement']),
        signedName: z.string().nullable(),
        method: z.enum(['sigstore', 'key', 'certificate']),
        san: z.string().nullable(),
        issuer: z.string().nullable(),
        signedAt: time('Null where nothing proves a time.').nullable(),
        signedAtSource: orNull(timeSource),
      }),
    ),
  })
  .openapi('Artifact');

export const listedArtifact = z
  .object({ ...nodeFields, uses: z.int().openapi({ description: 'How many artifacts are made of it.' }) })
  .openapi('ListedArtifact');

export const verdict = z
  .object({
    id: z.int(),
    at: time('Since when.'),
    signature: signatureState,
    weakest: orNull(linkState),
    reason: z.string().openapi({ description: 'The link at fault, or what mended it.' }),
    cause: z.string().openapi({ description: 'What arrived and changed it.' }),
  })
  .openapi('Verdict');
