import { z } from 'zod';
import { compileValue, PatternError } from '#lib/watch/value-matcher.ts';
import { refuse, refuseUnlessOne } from './refusal.ts';

const MAX_VALUE = 2048;
const MAX_PATTERN = 1000;

const value = z.string().min(1).max(MAX_VALUE);

const pattern = z
  .string()
  .min(1)
  .max(MAX_PATTERN)
  .superRefine((text, context) => {
    try {
      compileValue({ pattern: text });
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      const where = error.position === null ? '' : ` at character ${error.position + 1}`;
      refuse(context, `RE2 refuses the pattern${where}: ${error.message}`, 'Correct the pattern, or use glob or exact');
    }
  });

const kinds = {
  exact: value
    .describe('The whole value, byte for byte. The safest: nothing but this identity is meant.')
    .exactOptional(),
  glob: value
    .describe(
      'The whole value, where * is any run of characters without a slash, ? one such character, ** any run at all.',
    )
    .exactOptional(),
  pattern: pattern
    .describe('The whole value, as a regular expression of RE2. It is anchored at both ends, always.')
    .exactOptional(),
};

/** Text alone means exact: what is written is what is meant, until a wildcard is asked for by name. */
export const valueMatcher = z.union([
  value.transform((exact) => ({ exact })),
  z
    .strictObject(kinds)
    .meta({ minProperties: 1, maxProperties: 1 })
    .superRefine((matcher, context) => refuseUnlessOne(context, matcher, Object.keys(kinds)))
    .transform(({ exact = '', glob, pattern }) => {
      if (glob !== undefined) return { glob };
      return pattern === undefined ? { exact } : { pattern };
    }),
]);
