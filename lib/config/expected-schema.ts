import { z } from 'zod';

export const expectedSchema = z.strictObject({
  file: z
    .string()
    .min(1)
    .max(4096)
    .describe('A list of signings that will happen, as YAML or one JSON object a line. Read again when it changes.')
    .exactOptional(),
  alert: z
    .enum(['unclaimed', 'unexpected'])
    .describe(
      'What own signings raise an alarm: those that nobody has shown or declared, or all that nobody declared once there is a list.',
    )
    .prefault('unclaimed'),
});
