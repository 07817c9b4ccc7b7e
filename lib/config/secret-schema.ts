import { z } from 'zod';
import { refuseUnlessOne } from './refusal.ts';

/** Where a secret of a channel is: exactly one of the two. It is read anew each time that it is used. */
export interface SecretSource {
  /** Absolute once loaded. The secret is its first line. */
  readonly file?: string;
  /** Name of an environment variable of the jobs. */
  readonly env?: string;
}

/**
 * A secret by the place where it is, never by itself: configurations are shown, copied and kept in repositories.
 * Environment variables begin with `MODELTRAIL_`, so that none of another program can be sent away by mistake.
 */
export const secretSource = z
  .strictObject({
    file: z
      .string()
      .min(1)
      .max(4096)
      .describe('File whose first line it is, which only the jobs can read.')
      .exactOptional(),
    env: z
      .string()
      .max(100)
      .regex(/^MODELTRAIL_[A-Z0-9_]+$/, 'is no name of a variable that begins with MODELTRAIL_')
      .describe('Environment variable of the jobs that holds it. Its name begins with MODELTRAIL_.')
      .exactOptional(),
  })
  .meta({ minProperties: 1, maxProperties: 1 })
  .superRefine((source, context) => refuseUnlessOne(context, source, ['file', 'env']))
  .transform((source): SecretSource => source);
