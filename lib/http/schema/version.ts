import { z } from '@hono/zod-openapi';
import { PROVENANCE_FIELDS } from '#lib/attestation/facts.ts';
import type { FieldSource } from '#lib/provenance/nine-fields.ts';
import { chainEdge } from './chain.ts';
import { MODEL_NAME, NOTICES, registration, versionBundle, versionFields } from './model.ts';
import { orNull } from './or-null.ts';
import { inputRole } from './statement.ts';
import { fieldStatus, linkState, signatureState } from './states.ts';
import { time } from './time.ts';
import { useNotice } from './use-notice.ts';

const SOURCES = [
  'statement',
  'certificate',
  'log',
  'timestamp authority',
  'signature',
  'declaration',
] as const satisfies readonly FieldSource[];

export const listedFile = z
  .object({ path: z.string(), algorithm: z.string(), digest: z.string() })
  .openapi('ListedFile', { description: 'A file, or a shard of one, as the signed manifest lists it.' });

const field = z
  .object({
    field: z.enum(PROVENANCE_FIELDS),
    status: fieldStatus,
    note: z.string().openapi({ description: 'How it is known, or why not.' }),
    values: z.array(
      z.object({
        value: z.string(),
        source: z.enum(SOURCES),
        where: z.string().openapi({ description: 'The field of the document or certificate, or what proves a time.' }),
        bundleId: z.string().nullable(),
        status: fieldStatus.exclude(['absent']),
      }),
    ),
  })
  .openapi('ProvenanceField');

export const verdictFields = {
  signature: signatureState,
  signatureReason: z.string(),
  weakest: orNull(linkState).openapi({
    description: 'The weakest of all links upstream; null where no input is stated.',
  }),
  inputs: z.int().openapi({ description: 'Direct inputs stated.' }),
  pinnedInputs: z.int().openapi({ description: 'Of these, how many by digest.' }),
  verdictSince: time('Since when signature and weakest link are what they are.'),
};

const model = z.object({ id: z.string(), name: z.string().openapi({ description: MODEL_NAME }), slug: z.string() });

export const versionDetail = z
  .object({
    model,
    ...versionFields,
    registration: orNull(registration),
    notices: z.array(useNotice).openapi({ description: NOTICES }),
    verdict: z.object(verdictFields).nullable().openapi({ description: 'Null until its bundle is looked at again.' }),
    policy: z
      .string()
      .nullable()
      .openapi({ description: 'The expectation that says who may sign it; null without one.' }),
    signings: z.array(versionBundle).openapi({ description: 'Verified signatures over its files, newest first.' }),
    attestations: z
      .array(versionBundle)
      .openapi({ description: 'Verified statements about it by anyone, newest first.' }),
    fields: z.array(field).openapi({ description: 'The nine fields of its provenance.' }),
    links: z
      .array(chainEdge)
      .openapi({ description: 'Its direct inputs; all of the chain is in /artifacts/sha256/{root}/ancestors.' }),
    declarations: z
      .array(
        z.object({
          source: z.string(),
          path: z.string(),
          kind: z.string(),
          inputs: z.int(),
          remarks: z.array(z.string()),
        }),
      )
      .openapi({ description: 'Unsigned files beside it that say where it comes from: claims.' }),
  })
  .openapi('Version');

const side = z.object({
  ...versionFields,
  signings: z.array(versionBundle),
  attestations: z.array(versionBundle),
});

const statedInput = z
  .object({
    artifactId: z.int(),
    role: inputRole,
    name: z.string().nullable(),
    scheme: z.string(),
    value: z.string(),
    state: linkState,
  })
  .openapi('VersionInput');

const labelledChange = z
  .object({ label: z.string(), before: z.string().nullable(), after: z.string().nullable() })
  .openapi('LabelledChange', { description: 'As statements say; null where they do not.' });

export const versionDiff = z
  .object({
    model: model.omit({ id: true }),
    from: side.omit({ seenAs: true }).openapi('VersionSide'),
    to: side.omit({ seenAs: true }).openapi('VersionSide'),
    signer: z.enum(['same', 'changed']).nullable().openapi({ description: 'Null where one of the two is not signed.' }),
    files: z.object({
      changes: z
        .array(
          z.object({
            kind: z.enum(['added', 'removed', 'changed', 'renamed']),
            before: orNull(listedFile).openapi({ description: 'Of `changed` and `renamed`.' }),
            file: listedFile,
          }),
        )
        .openapi({ description: 'The first 10,000 by path.' }),
      omitted: z.int().openapi({ description: 'Changes beyond those.' }),
      unchanged: z.int(),
    }),
    inputs: z.array(
      z
        .object({
          role: inputRole,
          kind: z.enum(['same', 'changed', 'added', 'removed']),
          before: orNull(statedInput),
          after: orNull(statedInput),
        })
        .openapi('InputChange'),
    ),
    environment: z.array(labelledChange),
    parameters: z.array(labelledChange),
  })
  .openapi('VersionDiff');
