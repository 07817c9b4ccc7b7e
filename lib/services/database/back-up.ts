import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ServiceContext } from '#lib/services/context.ts';

const KEPT = 7;
const NAME = /^modeltrail-\d{4}-\d{2}-\d{2}\.db$/;

/**
 * Copies the database, while it is in use, to `backups/modeltrail-YYYY-MM-DD.db` beside it, and keeps the last seven.
 * A copy takes its name only once it is whole. Returns its path.
 */
export async function backUp(ctx: ServiceContext): Promise<string> {
  const { sqlite } = ctx.database;
  const folder = join(dirname(sqlite.name), 'backups');
  mkdirSync(folder, { recursive: true });
  const target = join(folder, `modeltrail-${new Date(ctx.now()).toISOString().slice(0, 10)}.db`);
  const partial = `${target}.partial`;
  rmSync(partial, { force: true });
  await sqlite.backup(partial);
  renameSync(partial, target);
  const old = readdirSync(folder)
    .filter((name) => NAME.test(name))
    .sort()
    .slice(0, -KEPT);
  for (const name of old) rmSync(join(folder, name));
  return target;
}
