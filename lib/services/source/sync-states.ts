import { notInArray } from 'drizzle-orm';
import { sourceStates } from '#db/schema/source.ts';
import type { ServiceContext } from '#lib/services/context.ts';

/** Forgets how sources did that are no longer in the configuration. What they brought stays. */
export function syncSourceStates(ctx: ServiceContext, sources: readonly { readonly name: string }[]): void {
  const names = sources.map(({ name }) => name);
  ctx.database.db.delete(sourceStates).where(notInArray(sourceStates.name, names)).run();
}
