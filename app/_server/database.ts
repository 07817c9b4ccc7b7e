import { hash, randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type OpenDatabase, openDatabase } from '#db/client.ts';
import { DatabaseVersionError } from '#db/version.ts';

/** The database cannot be read; the message says how to mend it. */
export interface DatabaseProblem {
  readonly problem: string;
  readonly path: string;
}

interface Held {
  readonly path: string;
  /** Which file it is: one put in its place is opened anew. */
  readonly file: number;
  readonly database: OpenDatabase;
}

let held: Held | null = null;
/** Of this process: what is told to anybody must not say when it started, or how much is written. */
const started = randomBytes(16).toString('hex');

/** Where the database is, or will be once the jobs have made it. */
export function databasePath(): string {
  return resolve(/* turbopackIgnore: true */ process.env.MODELTRAIL_DATABASE ?? './data/modeltrail.db');
}

/** The one connection of this process; opened when first asked for, and again where the file was replaced. */
export function readDatabase(): OpenDatabase | DatabaseProblem {
  const path = databasePath();
  const file = fileNumber(path);
  if (held && held.path === path && held.file === file) return held.database;
  held?.database.close();
  held = null;
  if (file === null) {
    return { path, problem: 'There is no database yet. Start the jobs (npm start does): they make it and fill it.' };
  }
  try {
    held = { path, file, database: openDatabase(path) };
    return held.database;
  } catch (error) {
    if (error instanceof DatabaseVersionError) return { path, problem: error.message };
    const message = error instanceof Error ? error.message : String(error);
    return {
      path,
      problem: `The file cannot be opened as a database: ${message}. Check its rights and its disk, or restore a backup.`,
    };
  }
}

/** Changes whenever another process has committed something, and with each start of this one. */
export function changeStamp(database: OpenDatabase): string {
  const version = Number(database.sqlite.pragma('data_version', { simple: true }));
  return hash('sha256', `${started}-${held?.file ?? 0}-${version}`).slice(0, 24);
}

function fileNumber(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? null;
}
