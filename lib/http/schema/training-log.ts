import { z } from '@hono/zod-openapi';
import { time } from './time.ts';

const step = z.int().nullable().openapi({ description: 'Null where the entry states none.' });
const writerTime = () => time('By the clock of who wrote the log: a claim.');

export const trainingLogFields = {
  root: z.string().openapi({ description: 'RFC 6962 root over the lines before the seal, lowercase hex.' }),
  size: z.int().openapi({ description: 'Lines that the root covers.' }),
  sha256: z.string().openapi({ description: 'Of the sealed file, lowercase hex.' }),
};

const summary = z
  .object({
    metrics: z.array(
      z.object({
        name: z.string(),
        count: z.int(),
        last: z.number(),
        least: z.number(),
        most: z.number(),
        points: z
          .array(z.tuple([z.number(), z.number()]))
          .openapi({ description: 'Step, else line, and value. At most 500, evenly chosen.' }),
      }),
    ),
    checkpoints: z.array(
      z.object({ step, path: z.string(), sha256: z.string(), of: z.enum(['file', 'model']), at: writerTime() }),
    ),
    events: z.array(z.object({ text: z.string(), at: writerTime() })),
    counts: z.object({ metrics: z.int(), checkpoints: z.int(), events: z.int() }),
    firstAt: writerTime().nullable(),
    lastAt: writerTime().nullable(),
    clockSteps: z.int().openapi({ description: 'Entries whose time lies before that of the entry before.' }),
  })
  .openapi('TrainingLogSummary', { description: 'What the run wrote, within bounds. All of it is a claim.' });

export const trainingLog = z
  .object({
    id: z.string(),
    ...trainingLogFields,
    run: z.string().nullable().openapi({ description: 'What the log calls its run; a claim.' }),
    source: z.string().openapi({ description: 'The name of the token by which it came.' }),
    receivedAt: time('When it was handed in.'),
    summary,
  })
  .openapi('TrainingLog', { description: 'A sealed training log, every line of which was checked.' });

export const versionTrainingLog = z
  .object({
    ...trainingLogFields,
    state: z.enum(['matches', 'awaited', 'differs']).openapi({
      description: '`matches`: handed in, and what was attested. `awaited`: attested, and not handed in.',
    }),
    reason: z.string().nullable().openapi({ description: 'What differs.' }),
    attestedBy: z.array(
      z.object({
        bundleId: z.string(),
        san: z.string().nullable(),
        issuer: z.string().nullable(),
        place: z.string().openapi({ description: 'The field of the statement that names the log.' }),
      }),
    ),
    log: trainingLog.nullable(),
  })
  .openapi('VersionTrainingLog', { description: 'A training log that verified provenance of a version names.' });
