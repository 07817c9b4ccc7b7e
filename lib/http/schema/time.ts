import { z } from '@hono/zod-openapi';
import { TIME_SOURCES, type TimeSource } from '#lib/provenance/format.ts';

/** A time; the names of such fields end in `At`. */
export function time(description: string) {
  return z.int().openapi({ description: `${description} Milliseconds since the epoch (UTC).` });
}

const KEYS = Object.keys(TIME_SOURCES) as TimeSource[];

export const timeSource = z.enum(KEYS).openapi('TimeSource', {
  description: `What a time rests on. Only \`first-seen\` proves nothing of when it was signed.\n\n${KEYS.map(
    (key) => `- \`${key}\`: ${TIME_SOURCES[key]}`,
  ).join('\n')}`,
});
