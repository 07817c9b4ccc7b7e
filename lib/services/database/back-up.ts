import { mkdirSync, readdirSync, renameSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceContext } from '#lib/services/context.ts';
import { BACK_UP_NAME, backUpFolder } from './newest-back-up.ts';

const KEPT = 7;

/**
 * Copies the database, while it is in use, to `backups/modeltrail-YYYY-MM-DD.db` beside it, and keeps the last seven.
 * A copy takes its name only once it is whole. Returns its path.
 */
export async function backUp(ctx: ServiceContext): Promise<string> {
  const { sqlite } = ctx.database;
  const folder = backUpFolder(ctx.database);
  const began = new Date(ctx.now());
  mkdirSync(folder, { recursive: true });
  const target = join(folder, `modeltrail-${began.toISOString().slice(0, 10)}.db`);
  const partial = `${target}.partial`;
  rmSync(partial, { force: true });
  await sqlite.backup(partial);
  // What it holds is from then on: its age is counted from there.
  utimesSync(partial, began, began);
  renameSync(partial, target);
  const old = readdirSync(folder)
    .filter((name) => BACK_UP_NAME.test(name))
    .sort()
    .slice(0, -KEPT);
  for (const name of old) rmSync(join(folder, name));
  return target;
}
