import { hostname } from 'node:os';
import { and, eq } from 'drizzle-orm';
import { jobLeases } from '#db/schema/job.ts';
import type { ServiceContext } from '#lib/services/context.ts';

/** A lease not renewed for this long is free, whoever held it. */
export const LEASE_MS = 20_000;

/** Who holds a lease: enough to see from the same machine whether that process still lives. */
export function leaseHolder(): string {
  return HOLDER;
}

const HOLDER = `${hostname()}:${process.pid}:${Math.round(Date.now() - process.uptime() * 1000)}`;

/**
 * Takes or renews the lease `name` for `holder`. A holder on this machine whose process is gone is replaced at once, so
 * that a restart after a crash need not wait.
 *
 * @returns null when it is ours, else who has it.
 */
export function takeLease(ctx: ServiceContext, name: string, holder: string): { heldBy: string } | null {
  return ctx.database.db.transaction(
    (tx) => {
      const now = ctx.now();
      const held = tx.select().from(jobLeases).where(eq(jobLeases.name, name)).get();
      if (held && held.holder !== holder && held.expiresAt > now && !isGone(held.holder))
        return { heldBy: held.holder };
      const lease = { holder, expiresAt: now + LEASE_MS };
      tx.insert(jobLeases)
        .values({ name, ...lease })
        .onConflictDoUpdate({ target: jobLeases.name, set: lease })
        .run();
      return null;
    },
    { behavior: 'immediate' },
  );
}

export function dropLease(ctx: ServiceContext, name: string, holder: string): void {
  ctx.database.db
    .delete(jobLeases)
    .where(and(eq(jobLeases.name, name), eq(jobLeases.holder, holder)))
    .run();
}

/** Whether a holder's process, on this machine, is known to have ended. */
export function isGone(holder: string): boolean {
  const [host, pid] = holder.split(':');
  if (host !== hostname()) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
