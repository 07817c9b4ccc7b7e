import { z } from '@hono/zod-openapi';
import { SEEN_AS } from '#lib/provenance/seen-as.ts';
import { orNull } from './or-null.ts';
import { authenticity, linkState, logged, modelState, signatureState } from './states.ts';
import { time, timeSource } from './time.ts';
import { useNotice } from './use-notice.ts';

/** Names of models and versions, wherever they stand. */
export const MODEL_NAME = 'As its signed statements name it: a claim. Who signed stands beside it.';

/** What `notices` of versions and artifacts are. */
export const NOTICES =
  'Incidents and retractions that stand against using it. It must not be used where one of them `refuses`.';

const lastSigner = { san: z.string().nullable(), issuer: z.string().nullable() };

export const modelSummary = z
  .object({
    id: z.string(),
    name: z.string().openapi({ description: MODEL_NAME }),
    slug: z.string(),
    versions: z.int().openapi({ description: 'How many there are.' }),
    openFindings: z.int(),
    state: modelState,
    newest: z
      .object({
        id: z.string(),
        root: z.string(),
        label: z.string().nullable(),
        weakest: orNull(linkState).openapi({ description: 'Null where no input is stated.' }),
        notices: z.array(useNotice).openapi({ description: NOTICES }),
      })
      .nullable(),
    lastSigning: z
      .object({
        at: time('Proven only where `state` says that it is logged.'),
        ...lastSigner,
        signerChanged: z.boolean().openapi({ description: 'Whether the signature before it is another signer’s.' }),
      })
      .nullable(),
    firstSeenAt: time('First seen.'),
    signers: z.array(z.object(lastSigner)).openapi({ description: 'All who signed a version of it.' }),
  })
  .openapi('ModelSummary');

export const versionBundle = z
  .object({
    bundleId: z.string(),
    at: time('`signedAt`, else when it was first seen.'),
    signedAt: time('Null where nothing proves a time.').nullable(),
    signedAtSource: orNull(timeSource),
    method: z.enum(['sigstore', 'key', 'certificate']),
    san: z.string().nullable(),
    issuer: z.string().nullable(),
    predicateType: z.string().nullable(),
    kind: z.string().nullable().openapi({ description: 'What kind of statement it is, where we understand it.' }),
    logged,
    eventId: z.string().nullable(),
    authenticity: orNull(authenticity).openapi({ description: 'Of its log entry.' }),
    origin: z.string().nullable(),
    logIndex: z.int().nullable(),
  })
  .openapi('VersionBundle', { description: 'A verified bundle over a version’s files, or a statement about them.' });

export const versionFields = {
  id: z.string(),
  root: z.string().openapi({ description: 'The OMS root: SHA-256 over the listed digests, lowercase hex.' }),
  label: z.string().nullable().openapi({ description: 'What people call it: a claim.' }),
  seenAs: z.enum(SEEN_AS).openapi({
    description:
      '`observed`: its files lay in a source. `registered`: its maker stated them. Of neither has anybody shown a signature.',
  }),
  method: z.enum(['files', 'shards']),
  hashType: z.string(),
  fileCount: z.int(),
  ignorePaths: z.array(z.string()).openapi({ description: 'What the signer left out of the signature.' }),
  firstSeenAt: time('First seen.'),
};

export const registration = z
  .object({
    label: z.string().openapi({ description: 'What its maker calls it.' }),
    source: z.string().openapi({ description: 'The name of the token by which it came.' }),
    registeredAt: time('When it was registered.'),
  })
  .openapi('Registration', { description: 'That the maker of a version stated its files. It is no signature.' });

export const versionSummary = z
  .object({
    ...versionFields,
    registration: orNull(registration),
    notices: z.array(useNotice).openapi({ description: NOTICES }),
    at: time('Of the newest signature, proven or first seen; without one, `firstSeenAt`.'),
    signature: orNull(signatureState),
    weakest: orNull(linkState).openapi({ description: 'Null where no input is stated.' }),
    signings: z.array(versionBundle),
    attestations: z.array(versionBundle),
  })
  .openapi('VersionSummary');

export const modelDetail = z
  .object({
    id: z.string(),
    name: z.string().openapi({ description: MODEL_NAME }),
    slug: z.string(),
    firstSeenAt: time('First seen.'),
    lastSignedAt: time('Of its newest signature; null where nobody signed.').nullable(),
    newestVersionId: z.string().nullable(),
    versions: z.array(versionSummary).openapi({ description: 'The newest 200.' }),
    olderVersions: z.int().openapi({ description: 'Versions beyond those.' }),
  })
  .openapi('Model');
