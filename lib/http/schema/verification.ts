import { z } from '@hono/zod-openapi';
import { HASH_LIST_FORMS } from '#lib/hash-list/hash-list.ts';
import { SEEN_AS } from '#lib/provenance/seen-as.ts';
import { FILE_STATES, VERIFICATION_OUTCOMES } from '#lib/provenance/verification.ts';
import { FILE_STATE, OUTCOME } from '#lib/provenance/verification-words.ts';
import { MODEL_NAME } from './model.ts';
import { orNull } from './or-null.ts';
import { linkState, logged, signatureState, statesOf } from './states.ts';
import { time } from './time.ts';
import { useNotice } from './use-notice.ts';

export const verificationOutcome = statesOf(
  OUTCOME,
  VERIFICATION_OUTCOMES,
  'VerificationOutcome',
  'What files are, by their hashes. Only `verified` is a proof.',
);
export const fileState = statesOf(FILE_STATE, FILE_STATES, 'FileState', 'What a file is, held against a version.');

export const fileAnswer = z
  .object({
    path: z.string(),
    state: fileState,
    listed: z.string().nullable().openapi({ description: 'The digest as the version has it.' }),
    given: z.string().nullable().openapi({ description: 'The digest as it was handed in.' }),
    givenAs: z.string().nullable().openapi({ description: 'Of `renamed`: the name that it was given under.' }),
    rule: z
      .object({ by: z.enum(['default', 'signer', 'operator', 'signature-file']), path: z.string() })
      .nullable()
      .openapi({ description: 'By which rule it is left out.' }),
  })
  .openapi('FileAnswer');

const answerVersion = z
  .object({
    modelName: z.string().openapi({ description: MODEL_NAME }),
    modelSlug: z.string(),
    versionId: z.string(),
    label: z.string().nullable(),
    root: z.string(),
    seenAs: z.enum(SEEN_AS),
    signature: signatureState,
    signatureReason: z.string(),
    fileCount: z.int(),
    matching: z.int().openapi({ description: 'Of its files, how many were given as listed.' }),
  })
  .openapi('AnswerVersion');

const signing = z
  .object({
    bundleId: z.string(),
    eventId: z.string().nullable(),
    method: z.enum(['sigstore', 'key', 'certificate']),
    san: z.string().nullable(),
    issuer: z.string().nullable(),
    signedAt: time('Null where nothing proves a time.').nullable(),
    signedAtSource: z.string().nullable(),
    logged,
    origin: z.string().nullable(),
    logIndex: z.int().nullable(),
  })
  .openapi('AnswerSigning');

const expectation = { model: z.string(), version: z.string().nullable() };

/** Files in an answer; /files gives all. */
export const FILES_SHOWN = 1000;

export const verificationAnswer = z
  .object({
    outcome: verificationOutcome,
    sentence: z.string(),
    at: time('When it was judged.'),
    list: z.object({
      form: z.enum(HASH_LIST_FORMS),
      name: z.string().nullable(),
      hashType: z.enum(['sha256', 'blake2b', 'blake3']),
      shardSize: z.int().nullable(),
      files: z.int(),
      bytes: z.int().nullable(),
      roots: z.object({ python: z.string(), specification: z.string(), manifestId: z.string() }).nullable(),
      remarks: z.array(z.string()),
    }),
    foundBy: z.enum(['root', 'manifest-id', 'files', 'expectation']).nullable(),
    prefix: z.string().openapi({ description: 'A folder that stood before all paths and was taken off.' }),
    version: orNull(answerVersion).openapi({ description: 'What the files are, or come closest to.' }),
    others: z.array(answerVersion),
    counts: z.record(fileState, z.int()).openapi({ description: 'Files by their state.' }),
    files: z
      .array(fileAnswer)
      .openapi({ description: `The first ${FILES_SHOWN} that do not match, the worst first. /files lists all.` }),
    filesOmitted: z.int().openapi({ description: 'Files that do not match beyond those.' }),
    signings: z.array(signing),
    chain: z
      .object({
        weakest: orNull(linkState),
        sentence: z.string(),
        since: time('Since when it is so.'),
      })
      .nullable(),
    findings: z.array(
      z.object({ id: z.string(), kind: z.string(), statement: z.string(), firstAt: time('When it was first found.') }),
    ),
    notices: z.array(useNotice.and(z.object({ sentence: z.string() }))).openapi({
      description: 'What stands against using the files, beside the answer about their bytes.',
    }),
    expected: z.object({ ...expectation, isMet: z.boolean(), sentence: z.string() }).nullable(),
    hint: z.string().nullable(),
  })
  .openapi('VerificationAnswer', { description: 'All that one look at a list of hashes found out.' });

const runFields = {
  id: z.int(),
  at: time('When it was judged.'),
  outcome: verificationOutcome,
  isExpected: z.boolean().nullable().openapi({ description: 'Null where nothing was expected.' }),
  versionId: z.string().nullable(),
};
const run = z.object(runFields).openapi('VerificationRun');

const receiptFields = {
  id: z.string().openapi({ description: '`vrf_…`: who has it may read the receipt.' }),
  createdAt: time('When it was handed in.'),
  channel: z.enum(['browser', 'api', 'cli']),
  source: z.string(),
  place: z.string().nullable().openapi({ description: 'What was checked and where, as its sender calls it: a claim.' }),
  form: z.string(),
  name: z.string().nullable(),
  fileCount: z.int(),
};

export const verificationSummary = z
  .object({
    ...receiptFields,
    latest: run,
    version: z
      .object({ modelName: z.string(), modelSlug: z.string(), versionId: z.string(), label: z.string().nullable() })
      .nullable(),
  })
  .openapi('VerificationSummary');

export const verification = z
  .object({
    ...receiptFields,
    listSha256: z.string(),
    expectation: z.object(expectation).nullable(),
    first: run,
    latest: run,
    answer: verificationAnswer,
    runs: z.array(run).openapi({ description: 'The newest 200.' }),
  })
  .openapi('Verification', { description: 'A receipt: a list of hashes, and what was and is said of it.' });
