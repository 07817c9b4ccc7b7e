import { z } from '@hono/zod-openapi';

const words = (what: string) => z.string().openapi({ description: what });

export const levelCheck = z
  .object({
    id: z.string().openapi({ description: '`2.7`: the level, and its number there (docs/levels.md).' }),
    level: z.int().min(1).max(4),
    title: words('What must hold.'),
    outcome: z
      .enum(['met', 'not-met', 'not-known'])
      .openapi({ description: 'What is not known counts as little as what is not met.' }),
    how: words('How it is known, or why not.'),
    reads: words('Which field of which evidence it reads.'),
    mend: words('What to do where it is not met.'),
  })
  .openapi('LevelCheck');

export const versionLevel = z
  .object({
    level: z
      .int()
      .min(0)
      .max(4)
      .openapi({ description: 'The highest for which its checks and all below are met; 0 is none.' }),
    word: z.string(),
    meaning: z.string(),
    slsaBuild: z
      .object({ level: z.int().min(0).max(3), why: z.string() })
      .openapi({ description: 'By the table of accepted builders alone; an unknown builder is 1 at the most.' }),
    slsaSource: z.object({ level: z.int().min(1).max(4).nullable(), why: z.string() }).openapi({
      description: 'As a believed verifier says of the commit; null where nobody does, which is not level 0.',
    }),
    bundleId: z.string().nullable().openapi({ description: 'The statement that it rests on; null without one.' }),
    statements: z.int().openapi({ description: 'Statements of provenance that were judged, each by itself.' }),
    strangers: z.int().openapi({ description: 'Statements by signers without a say: not part of it.' }),
    checks: z.array(levelCheck).openapi({ description: 'All checks in order, those of levels above too.' }),
    limits: z.array(z.string()).openapi({ description: 'What no level says.' }),
  })
  .openapi('VersionLevel');

export const summaryStatement = z
  .object({
    _type: z.string(),
    subject: z.array(z.object({ name: z.string(), digest: z.object({ sha256: z.string() }) })),
    predicateType: z.string(),
    predicate: z.record(z.string(), z.unknown()),
  })
  .openapi('VerificationSummaryStatement', {
    description:
      'An in-toto statement with the predicate https://slsa.dev/verification_summary/v1. Nobody has signed it.',
  });
