import { z } from '@hono/zod-openapi';
import { backfill } from './backfill.ts';
import { checkpointState } from './states.ts';
import { time } from './time.ts';

const fault = z
  .object({
    id: z.int(),
    logId: z.int(),
    code: z.string(),
    severity: z.enum(['failure', 'misbehaviour']).openapi({
      description: '`misbehaviour` is proved by bytes that the log signed, and freezes it; a `failure` is tried again.',
    }),
    message: z.string(),
    firstAt: time('First seen.'),
    lastAt: time('Last seen.'),
    count: z.int(),
    resolvedAt: time('Since when it is so no longer.').nullable(),
    hasEvidence: z.boolean(),
  })
  .openapi('LogFault');

/** Where a head was met, and who besides the log signed it. */
const witnessed = {
  seenFrom: z.enum(['log', 'entry', 'witness', 'vantage', 'bundle']).openapi({
    description: 'Where it was first met: the log, the proof of an entry, a witness, a second address, a bundle.',
  }),
  seenAt: z.string().nullable().openapi({ description: 'The witness, address or bundle; null for the others.' }),
  cosignatures: z.int(),
  cosigners: z
    .array(
      z.object({
        name: z.string(),
        timestamp: z.int().nullable().openapi({ description: 'Seconds since the epoch, as the witness says.' }),
      }),
    )
    .openapi({ description: 'Witnesses of the policy whose cosignature verified.' }),
  quorum: z.boolean().nullable().openapi({
    description: 'Whether as many witnesses cosigned as the policy asks for; null where there is no policy.',
  }),
};

export const logSummary = z
  .object({
    id: z.int(),
    origin: z.string(),
    api: z.enum(['rekor-v2', 'rekor-v1', 'ct-rfc6962', 'ct-static']).openapi({
      description: 'Rekor v1 counts a log for each of its trees; `ct-…` are certificate logs.',
    }),
    instance: z.string().openapi({ description: 'The server whose trees share it; the origin for a log of its own.' }),
    treeId: z.string().nullable().openapi({ description: 'Rekor v1: the id of the tree, in decimal.' }),
    indexOffset: z.int().openapi({ description: 'What the server adds to an index of this tree.' }),
    finalSize: z.int().nullable().openapi({
      description: 'The size at which the log says that it ends; it is polled still. Null for most.',
    }),
    reading: z.enum(['entries', 'index']).openapi({
      description:
        '`entries`: each is read and proved. `index`: heads only; entries are found through a certificate log and a search index, so that bare keys and what the index withholds are not seen.',
    }),
    readUrl: z.string(),
    logId: z.string().openapi({ description: 'The whole log id, lowercase hex.' }),
    keyDetails: z.string(),
    source: z.enum(['trusted-root', 'configuration']).openapi({ description: 'What names it and its key.' }),
    state: z.enum(['following', 'frozen', 'removed']).openapi({
      description:
        '`frozen`: the log contradicted itself, nothing more is taken from it. `removed`: named no longer; what was read is kept.',
    }),
    startIndex: z.int().nullable().openapi({ description: 'The first index that our tail covers.' }),
    downloadedSize: z.int().openapi({ description: 'Entries read and bound to a signed root.' }),
    verifiedSize: z.int().openapi({ description: 'Entries whose own root was found to be the signed one.' }),
    observedSize: z.int().openapi({ description: 'Entries of the newest checkpoint with a good signature.' }),
    lastAttemptAt: time('The last look.').nullable(),
    lastSuccessAt: time('The last checkpoint with a good signature.').nullable(),
    rate: z.int().nullable().openapi({ description: 'Entries a second of the latest catch-up.' }),
    createdAt: time('Taken up.'),
    coverage: z
      .array(
        z.object({
          startIndex: z.int(),
          endIndex: z.int().openapi({ description: 'Exclusive.' }),
          verifiedAt: time('When.'),
        }),
      )
      .openapi({
        description: 'Indices of which every entry was looked at, the first 200 ranges. Others may hold anything.',
      }),
    coverageRanges: z.int().openapi({ description: 'How many ranges there are, listed or not.' }),
    coveredEntries: z.int().openapi({ description: 'Entries in all of them.' }),
    mirror: z.enum(['matches', 'full']).openapi({ description: '`full`: every entry and hash is kept on disk.' }),
    mirrorSize: z.int().openapi({ description: 'Entries up to which the mirror is whole.' }),
    mirrorBytes: z.int().openapi({ description: 'What it takes on disk.' }),
    mirrorProblem: z.string().nullable().openapi({ description: 'Why it stands still; null where it goes on.' }),
    openBackfills: z.array(backfill).openapi({ description: 'Searches of the past that are under way.' }),
    lastCheckpoint: z
      .object({
        id: z.int(),
        size: z.int(),
        state: checkpointState,
        firstSeenAt: time('First seen.'),
        verifiedAt: time('Verified.').nullable(),
        ...witnessed,
      })
      .nullable(),
    openFaults: z.array(fault),
    pastFaults: z.int().openapi({ description: 'How many there were.' }),
  })
  .openapi('Log');

export const checkpoint = z
  .object({
    id: z.int(),
    size: z.int(),
    root: z.string().openapi({ description: 'The root hash, lowercase hex.' }),
    note: z.string().openapi({ description: 'The signed note (C2SP tlog-checkpoint), as received.' }),
    state: checkpointState,
    previousSize: z.int().nullable().openapi({ description: 'Of the verified checkpoint before it.' }),
    consistencyProof: z
      .array(z.string())
      .nullable()
      .openapi({ description: 'From `previousSize` to `size` (RFC 6962, 2.1.2): hashes in lowercase hex.' }),
    ...witnessed,
    firstSeenAt: time('First seen.'),
    verifiedAt: time('When its root had been computed from the entries.').nullable(),
  })
  .openapi('Checkpoint');

export const pastFaults = z.array(fault).openapi({ description: 'Those that are over, the latest 50.' });
