import { eq } from 'drizzle-orm';
import { configState } from '#db/schema/job.ts';
import { trustRoots } from '#db/schema/source.ts';
import type { Config } from '#lib/config/schema.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { LoadedTrust } from '#lib/sigstore/trust-source.ts';

const ROW = 1;

/** Stores the configuration in force: the pages show it, and the jobs fall back on it when the file is broken at start. */
export function recordConfigInForce(ctx: ServiceContext, path: string, config: Config): void {
  const inForce = JSON.stringify(config);
  const known = ctx.database.db.select().from(configState).where(eq(configState.id, ROW)).get();
  const inForceSince = known?.inForce === inForce ? known.inForceSince : ctx.now();
  const row = { path, inForce, inForceSince, refused: null, refusedAt: null };
  ctx.database.db
    .insert(configState)
    .values({ id: ROW, ...row })
    .onConflictDoUpdate({ target: configState.id, set: row })
    .run();
}

/** A change that was refused; the last good configuration stays in force. */
export function recordConfigRefused(ctx: ServiceContext, refused: string): void {
  ctx.database.db.update(configState).set({ refused, refusedAt: ctx.now() }).where(eq(configState.id, ROW)).run();
}

/** Stores which trust root is in force, and the root itself: the web server and the command line judge by the same one. */
export function recordTrustInForce(ctx: ServiceContext, trust: LoadedTrust): void {
  const { source, sha256, fetchedAt, json, expiresAt } = trust;
  ctx.database.db.insert(trustRoots).values({ sha256, json, firstUsedAt: ctx.now() }).onConflictDoNothing().run();
  const known = ctx.database.db.select().from(configState).where(eq(configState.id, ROW)).get();
  // A copy that TUF could not refresh is as fresh as it was: the file itself is as old as its latest change.
  const refreshedAt = known?.trustSha256 === sha256 && known.trustSource === source ? (known.trustLoadedAt ?? 0) : 0;
  ctx.database.db
    .update(configState)
    .set({
      trustSource: source,
      trustSha256: sha256,
      trustLoadedAt: fetchedAt === null ? ctx.now() : Math.max(fetchedAt, refreshedAt),
      trustExpiresAt: expiresAt,
    })
    .where(eq(configState.id, ROW))
    .run();
}

/** The configuration that was in force last, as JSON, or null on a new database. */
export function lastConfigInForce(ctx: ServiceContext): string | null {
  return ctx.database.db.select().from(configState).where(eq(configState.id, ROW)).get()?.inForce ?? null;
}
