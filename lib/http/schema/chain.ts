import { z } from '@hono/zod-openapi';
import { ARTIFACT_KINDS, LINK_STATES } from '#lib/provenance/link-state.ts';
import { digest, signer } from './evidence.ts';
import { orNull } from './or-null.ts';
import { inputRole } from './statement.ts';
import { linkState, signatureState } from './states.ts';
import { time } from './time.ts';

export const artifactKind = z.enum(ARTIFACT_KINDS).openapi('ArtifactKind');

export const nodeFields = {
  id: z.int().openapi({ description: 'Of this database; `scheme` and `value` name it anywhere.' }),
  kind: artifactKind,
  name: z.string().nullable().openapi({ description: 'A claim, for people.' }),
  scheme: z.string(),
  value: z.string(),
  model: z
    .object({ slug: z.string(), name: z.string(), versionId: z.string(), label: z.string().nullable() })
    .nullable(),
  signature: signatureState,
  signatureReason: z.string(),
  signer: orNull(signer).openapi({ description: 'Of the signature that counts.' }),
  signedAt: time('Null where nothing proves a time.').nullable(),
  weakest: orNull(linkState).openapi({ description: 'Of all links upstream; null where no input is stated.' }),
  weakestLinkId: z.int().nullable(),
  inputs: z.int(),
  pinnedInputs: z.int().openapi({ description: 'Inputs stated by digest.' }),
  verdictSince: time('Since when signature and weakest link are what they are.'),
};

export const chainNode = z
  .object({ ...nodeFields, distance: z.int().openapi({ description: 'Links from the artifact asked for.' }) })
  .openapi('ChainNode');

const statement = z
  .object({
    linkId: z.int(),
    state: linkState,
    reason: z.string(),
    name: z.string().nullable(),
    uri: z.string().nullable(),
    digests: z.array(digest),
    at: z.string().openapi({ description: 'The field that says so.' }),
    bundleId: z.string().nullable().openapi({ description: 'The verified bundle; null for an unsigned file.' }),
    eventId: z.string().nullable(),
    signer: orNull(signer),
    declaration: z
      .object({ source: z.string(), path: z.string(), kind: z.string() })
      .nullable()
      .openapi({ description: 'The unsigned file; null for a bundle.' }),
  })
  .openapi('LinkStatement');

export const chainEdge = z
  .object({
    id: z.int(),
    childId: z.int(),
    parentId: z.int(),
    role: inputRole,
    state: linkState,
    reason: z.string(),
    statements: z.array(statement).openapi({ description: 'Who says so, the strongest first.' }),
  })
  .openapi('Link', { description: 'Child to parent in one role: what all documents together say of it.' });

const LINK_COUNTS = Object.fromEntries(LINK_STATES.map((state) => [state, z.int()])) as Record<
  (typeof LINK_STATES)[number],
  z.ZodInt
>;

export const chain = z
  .object({
    focusId: z.int(),
    direction: z.enum(['ancestors', 'descendants']),
    nodes: z.array(chainNode).openapi({ description: 'The artifact asked for first, then by distance.' }),
    edges: z.array(chainEdge),
    omitted: z.int().openapi({ description: 'Artifacts beyond the limit.' }),
    summary: z
      .object({ links: z.object(LINK_COUNTS), pinned: z.int(), total: z.int() })
      .openapi({ description: 'Over the whole chain, omitted ones too: links by state, and how many give a digest.' }),
  })
  .openapi('Chain');
