import { eq } from 'drizzle-orm';
import { expectedSignings } from '#db/schema/expected.ts';
import { stableId } from '#lib/ids.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { type Declaration, declarationSchema, windowOf } from './declaration.ts';
import { settleExpected } from './settle.ts';
import { removeExpected } from './withdraw.ts';

/** A list as it stands in a file now; of none where the configuration names no file. */
export interface ExpectedFile {
  readonly path: string;
  readonly declarations: readonly Declaration[];
}

/**
 * Makes the declarations of files those of `file`. One that left it while it still counted is withdrawn; one whose time is
 * over may leave without taking back what it accounted for, so that lists need not grow for ever.
 *
 * @returns how many are new, and how many were withdrawn.
 */
export function syncExpectedFile(ctx: ServiceContext, file: ExpectedFile | null): { added: number; withdrawn: number } {
  const now = ctx.now();
  const wanted = new Map((file?.declarations ?? []).map((declaration) => [idOf(declaration), declaration]));
  return ctx.database.db.transaction(
    (tx) => {
      const known = tx.select().from(expectedSignings).where(eq(expectedSignings.source, 'file')).all();
      const ids = new Set(known.map(({ id }) => id));
      const left = known.filter(({ id, validUntil }) => !wanted.has(id) && validUntil > now);
      const added = [...wanted].filter(([id]) => !ids.has(id));
      for (const [id, declaration] of added) {
        const { digest, identity, issuer, run, note, uses, ...times } = declarationSchema.parse(declaration);
        tx.insert(expectedSignings)
          .values({
            id,
            digest,
            san: identity,
            issuer,
            run,
            note,
            uses,
            source: 'file',
            declaredBy: file?.path ?? '',
            declaredAt: now,
            ...windowOf(times, now),
          })
          .run();
      }
      settleExpected(tx, { expectedIds: added.map(([id]) => id) });
      for (const { id } of left) removeExpected(tx, id);
      return { added: added.length, withdrawn: left.length };
    },
    { behavior: 'immediate' },
  );
}

/** The same declaration has the same id wherever it stands, so that a list may be sorted or moved. */
function idOf(declaration: Declaration): string {
  const { digest, identity, issuer, run, note, validFromAt, validUntilAt, uses } = declarationSchema.parse(declaration);
  const parts = [digest, identity, issuer, run, note, validFromAt, validUntilAt, uses].map((part) => part ?? '');
  return stableId('expected', ...parts);
}
