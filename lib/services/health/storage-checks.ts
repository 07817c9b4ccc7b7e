import { accessSync, constants, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { OpenDatabase } from '#db/client.ts';
import { formatBytes, formatDuration } from '#lib/provenance/format.ts';
import { newestBackUp } from '#lib/services/database/newest-back-up.ts';
import { type HealthCheck, wellCheck } from './check.ts';

/** Of the disk that the database is on. */
export interface Storage {
  readonly isWritable: boolean;
  readonly freeBytes: number;
  /** When the newest backup was made, in ms since the epoch; null where there is none. */
  readonly lastBackUpAt: number | null;
}

const SCARCE = 1_000_000_000;
const FULL = 100_000_000;
/** One is made every night; a machine that slept through one night is no cause for alarm. */
const BACKUP_AGE = 50 * 3_600_000;

/** Looks at the disk of the database; null for one in memory. */
export function readStorage(database: OpenDatabase): Storage | null {
  const { sqlite } = database;
  if (sqlite.memory) return null;
  const folder = dirname(sqlite.name);
  const { bavail, bsize } = statfsSync(folder);
  return {
    isWritable: [sqlite.name, folder].every(mayWrite),
    freeBytes: bavail * bsize,
    lastBackUpAt: newestBackUp(database),
  };
}

/** @param since when the database was first used, in ms since the epoch: a new one cannot have a backup yet. */
export function checkStorage(storage: Storage | null, since: number, now: number): HealthCheck[] {
  if (storage === null) return [];
  return [checkDisk(storage), checkBackUp(storage, since, now)];
}

function checkDisk({ isWritable, freeBytes }: Storage): HealthCheck {
  const about = { name: 'database', subject: null, since: null } as const;
  if (!isWritable) {
    const what = 'The database cannot be written by this user.';
    return { ...about, state: 'failing', what, mend: 'Let the user of Modeltrail write the file and its folder.' };
  }
  const free = `${formatBytes(freeBytes)} are free where the database is.`;
  if (freeBytes >= SCARCE) return wellCheck('database', null, free);
  const mend = 'Make room: the jobs stop when the disk is full.';
  return { ...about, state: freeBytes < FULL ? 'failing' : 'degraded', what: `Only ${free}`, mend };
}

function checkBackUp({ lastBackUpAt }: Storage, since: number, now: number): HealthCheck {
  const at = lastBackUpAt ?? since;
  const age = formatDuration(now - at);
  if (now - at <= BACKUP_AGE) {
    const what = lastBackUpAt === null ? 'The first backup is made tonight.' : `The last backup is ${age} old.`;
    return wellCheck('backup', null, what);
  }
  const what = lastBackUpAt === null ? `There is no backup after ${age}.` : `The last backup is ${age} old.`;
  const mend = 'Look in the log file why the job “back up” failed: its folder is backups/ beside the database.';
  return { name: 'backup', subject: null, state: 'degraded', what, since: at, mend };
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
