import { z } from 'zod';
import { escapeText } from '#lib/watch/display.ts';

const DAY = 24 * 3_600_000;
/** Whoever may sign at any time is better named in a watch rule: a declaration is of something that is about to happen. */
export const LONGEST_WINDOW = 30 * DAY;
/** Clocks differ: a signing counts that is dated a little before it was declared. */
const GRACE = 5 * 60_000;
const MAX_TEXT = 2048;

/** Compared byte for byte; what pages would write out has a backslash, and is no name that anybody means to sign with. */
const name = z
  .string()
  .min(1)
  .max(MAX_TEXT)
  .refine((text) => escapeText(text) === text, {
    error: 'has an invisible character, a backslash, or a space at its end; write the name as pages show it',
  });

const time = z.int().min(0).max(8_640_000_000_000_000);

/** A signing that is going to happen. All criteria that are given must be met, and each is compared whole. */
export const declarationSchema = z
  .strictObject({
    digest: z
      .string()
      .regex(/^(?:[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$/, {
        error: 'is not a digest of 64, 96 or 128 lowercase hex digits',
      })
      .optional(),
    identity: name.optional(),
    issuer: name.optional(),
    run: name.optional(),
    note: z.string().max(500).optional(),
    validFromAt: time.optional(),
    validUntilAt: time.optional(),
    uses: z.int().min(1).max(1000).default(1),
  })
  .superRefine((declared, context) => {
    const { digest, identity, issuer, run, validFromAt, validUntilAt } = declared;
    const refuse = (at: string, message: string) => context.addIssue({ code: 'custom', path: [at], message });
    if (digest === undefined && identity === undefined && run === undefined && issuer === undefined) {
      refuse('digest', 'nothing says what is expected: give digest, identity with issuer, or run');
    } else if ((identity === undefined) !== (issuer === undefined)) {
      const missing = identity === undefined ? 'identity' : 'issuer';
      refuse(missing, 'is missing: identity and issuer are one name together');
    }
    if (validFromAt === undefined || validUntilAt === undefined) return;
    if (validUntilAt <= validFromAt) refuse('validUntilAt', 'is not after validFromAt');
    else if (validUntilAt - validFromAt > LONGEST_WINDOW)
      refuse('validUntilAt', 'is more than 30 days after validFromAt');
  });

export type Declaration = z.input<typeof declarationSchema>;

/** From when to when it counts: where not said, from five minutes ago until a day from its start. */
export function windowOf(
  { validFromAt, validUntilAt }: Pick<Declaration, 'validFromAt' | 'validUntilAt'>,
  now: number,
): { readonly validFrom: number; readonly validUntil: number } {
  const validFrom = validFromAt ?? Math.min(now - GRACE, (validUntilAt ?? now) - GRACE);
  return { validFrom, validUntil: validUntilAt ?? Math.max(validFrom, now) + DAY };
}
