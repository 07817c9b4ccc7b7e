import { z } from 'zod';
import { DURATION, parseDuration } from './duration.ts';
import { refuse } from './refusal.ts';

/**
 * A length of time such as `30s`, read to milliseconds.
 *
 * @param bounds the shortest and the longest that is taken, as they are written.
 */
export function durationBetween(shortest: string, longest: string, example: string) {
  const least = parseDuration(shortest) ?? 0;
  const most = parseDuration(longest) ?? Number.MAX_SAFE_INTEGER;
  return z
    .string()
    .meta({ pattern: DURATION.source, examples: [example] })
    .superRefine((text, context) => {
      const duration = parseDuration(text);
      if (duration === null) refuse(context, 'is not a duration', 'Write a whole number and its unit: 30s, 15m, 24h');
      else if (duration < least || duration > most)
        refuse(context, 'is out of bounds', `Write between ${shortest} and ${longest}`);
    })
    .transform((text) => parseDuration(text) ?? most);
}
