import { fileURLToPath } from 'node:url';
import type { ProcessSpec } from './supervisor.ts';

export const PROJECT = fileURLToPath(new URL('..', import.meta.url));

export interface ProcessSettings {
  /** Absolute. */
  readonly configPath: string;
  readonly databasePath: string;
  readonly host: string;
  readonly port: number;
}

/** The Next.js server, which only reads the database. */
export function webProcess(settings: ProcessSettings, mode: 'start' | 'dev' = 'start'): ProcessSpec {
  const next = fileURLToPath(new URL('../node_modules/next/dist/bin/next', import.meta.url));
  const address = ['-H', settings.host, '-p', String(settings.port)];
  // Public pages hand out sources to browsers as they are: the server has to know where they lie.
  const env = { ...environment(settings), MODELTRAIL_HOST: settings.host, MODELTRAIL_ROOT: PROJECT };
  return { name: 'web', args: [next, mode, PROJECT, ...address], env };
}

/** Tails, ingestion and housekeeping: the only writers. */
export function jobsProcess(settings: ProcessSettings): ProcessSpec {
  return {
    name: 'jobs',
    args: [...ROOM_FOR_ANSWERS, fileURLToPath(new URL('./main.ts', import.meta.url))],
    env: { ...environment(settings), ...FEW_ARENAS },
  };
}

/**
 * Flags of Node for the jobs. A catch-up makes and drops hundreds of megabytes a second; with room for them to be dropped in,
 * few are taken for old and kept: a tenth less memory, and less time spent on looking for it.
 */
export const ROOM_FOR_ANSWERS = ['--max-semi-space-size=32'];

/**
 * The C library keeps memory apart for each thread, and what one gave back another cannot have: a catch-up hands answers
 * from thread to thread, and would hold a tenth more memory than it uses. No setting of Node reaches it.
 */
export const FEW_ARENAS = { MALLOC_ARENA_MAX: '2' };

function environment({ configPath, databasePath }: ProcessSettings): Record<string, string> {
  return { MODELTRAIL_CONFIG: configPath, MODELTRAIL_DATABASE: databasePath, NEXT_TELEMETRY_DISABLED: '1' };
}
