import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { OpenDatabase } from '#db/client.ts';

/** Names of backups, which sort by the day that they were made. */
export const BACK_UP_NAME = /^modeltrail-\d{4}-\d{2}-\d{2}\.db$/;

/** Where backups of a database lie. */
export function backUpFolder({ sqlite }: OpenDatabase): string {
  return join(dirname(sqlite.name), 'backups');
}

/** When the newest backup was begun, in ms since the epoch; null where there is none. */
export function newestBackUp(database: OpenDatabase): number | null {
  const folder = backUpFolder(database);
  try {
    const newest = readdirSync(folder)
      .filter((name) => BACK_UP_NAME.test(name))
      .sort()
      .at(-1);
    return newest === undefined ? null : Math.trunc(statSync(join(folder, newest)).mtimeMs);
  } catch {
    return null;
  }
}
