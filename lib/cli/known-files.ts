import { z } from 'zod';
import type { HashList } from '#lib/hash-list/hash-list.ts';
import { writeModeltrailManifest } from '#lib/hash-list/modeltrail-manifest.ts';
import { FILE_STATES, VERIFICATION_OUTCOMES, type VerificationAnswer } from '#lib/provenance/verification.ts';
import { standardsInForce } from '#lib/services/config/standards.ts';
import { ExpectationError } from '#lib/services/verification/expectation.ts';
import { verifyHashList } from '#lib/services/verification/verify.ts';
import { UsageError } from './command.ts';
import { databasePath, openExisting, quietContext } from './database.ts';
import type { CommandInput } from './input.ts';
import { ModeltrailServer } from './server.ts';

/** What a Modeltrail knows of a list of hashes, as far as commands use it. */
export interface KnownFiles {
  /** Id of the receipt, and its address on a server. */
  readonly receipt: { readonly id: string; readonly url: string | null };
  readonly answer: ReportedAnswer;
}

/** The answer; of its files at least those that do not match, up to 1,000. */
export type ReportedAnswer = z.output<typeof answerSchema>;

export interface FilesQuestion {
  readonly list: HashList;
  /** Slug or exact name; null to ask what the files are. */
  readonly model: string | null;
  /** Label, id or root; null for any version of the model. */
  readonly version: string | null;
  /** What is checked and where, for people and for findings. */
  readonly place: string | null;
}

const text = z.string();
const maybe = z.string().nullable();

/** What is read of a server's answer: all that is printed, and nothing that a newer one may add. */
const answerSchema = z.object({
  outcome: z.enum(VERIFICATION_OUTCOMES),
  sentence: text,
  at: z.number(),
  list: z.object({ hashType: text, shardSize: z.number().nullable(), files: z.number(), remarks: z.array(text) }),
  prefix: text,
  version: z
    .object({
      modelName: text,
      modelSlug: text,
      versionId: text,
      label: maybe,
      root: text,
      seenAs: z.enum(['signed', 'observed', 'registered']),
      signature: z.enum(['verified', 'unlogged', 'unexpected', 'unsigned', 'unknown']),
      signatureReason: text,
      fileCount: z.number(),
      matching: z.number(),
    })
    .nullable(),
  counts: z.record(z.enum(FILE_STATES), z.number()),
  files: z.array(
    z.object({
      path: text,
      state: z.enum(FILE_STATES),
      givenAs: maybe,
      rule: z.object({ by: text, path: text }).nullable(),
    }),
  ),
  signings: z.array(
    z.object({
      bundleId: text,
      eventId: maybe,
      method: z.enum(['sigstore', 'key', 'certificate']),
      san: maybe,
      issuer: maybe,
      signedAt: z.number().nullable(),
      signedAtSource: maybe,
      logged: z.enum(['proved', 'waiting', 'not-logged']),
      origin: maybe,
      logIndex: z.number().nullable(),
    }),
  ),
  chain: z
    .object({
      weakest: z.enum(['verified', 'parent-unsigned', 'parent-unknown', 'declared', 'conflict']).nullable(),
      sentence: text,
      since: z.number(),
    })
    .nullable(),
  findings: z.array(z.object({ id: text, kind: text, statement: text, firstAt: z.number() })),
  /** A server of a version before there were incidents tells of none. */
  notices: z.array(z.object({ kind: text, refuses: z.boolean(), sentence: text })).optional(),
  expected: z.object({ model: text, version: maybe, isMet: z.boolean(), sentence: text }).nullable(),
  hint: maybe,
});

const receiptSchema = z.object({ id: z.string().max(100), answer: answerSchema });

/**
 * Asks the server that `--server` names, else the database, what files these are. Both keep a receipt.
 *
 * @throws {UsageError} where there is no answer: no server, no such model, a list that is refused.
 */
export async function askKnownFiles(input: CommandInput, question: FilesQuestion): Promise<KnownFiles> {
  const server = input.text('server');
  return server === undefined ? askDatabase(input, question) : askServer(input, server, question);
}

async function askServer(input: CommandInput, url: string, question: FilesQuestion): Promise<KnownFiles> {
  const { list, model, version, place } = question;
  const server = await ModeltrailServer.open(url, input.text('token-file'));
  try {
    const asked = Object.entries({ model, version, place }).filter(
      (pair): pair is [string, string] => pair[1] !== null,
    );
    const query = asked.length === 0 ? '' : `?${new URLSearchParams(asked)}`;
    const answered = await server.post(`/verifications${query}`, {
      schema: receiptSchema,
      body: writeModeltrailManifest(list),
      type: 'application/json',
    });
    if (!answered.isGood) throw new UsageError(answered.problem.detail);
    const { id, answer } = answered.value;
    return { receipt: { id, url: `${server.url}/verifications/${encodeURIComponent(id)}` }, answer };
  } finally {
    await server.close();
  }
}

async function askDatabase(input: CommandInput, { list, model, version, place }: FilesQuestion): Promise<KnownFiles> {
  const database = openExisting(databasePath(input));
  try {
    const standards = await standardsInForce(database);
    if (!standards) {
      throw new UsageError(
        'No trust root has been in force in this database yet. Start the jobs once (npm start does).',
      );
    }
    const expect = model === null ? null : { model, version };
    const asked = { list, channel: 'cli', source: 'command line', place, expect } as const;
    const { id, answer } = verifyHashList(quietContext(database), asked, standards);
    return { receipt: { id, url: null }, answer: reported(answer) };
  } catch (error) {
    if (error instanceof ExpectationError) throw new UsageError(error.message);
    throw error;
  } finally {
    database.close();
  }
}

function reported(answer: VerificationAnswer): ReportedAnswer {
  return answerSchema.parse(answer);
}
