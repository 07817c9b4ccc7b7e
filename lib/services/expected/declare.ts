import { expectedSignings } from '#db/schema/expected.ts';
import { randomId } from '#lib/ids.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { type Declaration, declarationSchema, LONGEST_WINDOW, windowOf } from './declaration.ts';
import { type ExpectedSigning, readExpected } from './list.ts';
import { settleExpected } from './settle.ts';

/** A declaration that cannot be taken, though its fields are well-formed. `at` is the field at fault. */
export class DeclarationError extends Error {
  override readonly name = 'DeclarationError';
  readonly at: string;

  constructor(at: string, message: string) {
    super(message);
    this.at = at;
  }
}

/** By whom, and by what way. */
export interface Declarer {
  readonly source: 'api' | 'canary';
  readonly declaredBy: string;
}

/**
 * Declares a signing that is going to happen, or has happened without anybody knowing of it: events that meet it are
 * accounted for from now on.
 *
 * @throws {z.ZodError | DeclarationError}
 */
export function declareExpected(ctx: ServiceContext, declaration: Declaration, by: Declarer): ExpectedSigning {
  const { digest, identity, issuer, run, note, uses, ...times } = declarationSchema.parse(declaration);
  const now = ctx.now();
  const window = windowOf(times, now);
  if (window.validUntil - window.validFrom > LONGEST_WINDOW) {
    throw new DeclarationError(
      'validUntilAt',
      'The time for which it counts is longer than 30 days. Declare it later, or anew.',
    );
  }
  if (window.validUntil <= window.validFrom) {
    throw new DeclarationError('validUntilAt', 'The time for which it counts ends before it begins.');
  }
  const id = randomId('expected');
  return ctx.database.db.transaction(
    (tx) => {
      tx.insert(expectedSignings)
        .values({ id, digest, san: identity, issuer, run, note, uses, ...by, declaredAt: now, ...window })
        .run();
      settleExpected(tx, { expectedIds: [id] });
      const declared = readExpected(tx, id);
      if (!declared) throw new Error(`${id} is gone`);
      return declared;
    },
    { behavior: 'immediate' },
  );
}
