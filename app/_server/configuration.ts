import { statSync } from 'node:fs';
import type { AccessConfig } from '#lib/config/access-schema.ts';
import { configPath } from '#lib/config/config-path.ts';
import { ConfigError } from '#lib/config/error.ts';
import { loadConfig } from '#lib/config/load.ts';
import { createLogger } from '#lib/logger.ts';

/** What the web process needs of the configuration itself. */
export interface WebConfig {
  readonly access: AccessConfig;
  readonly publicMirrors: boolean;
  readonly publicMetrics: boolean;
}

interface Held {
  /** Which content it is. */
  readonly stamp: string;
  readonly config: WebConfig | null;
  readonly problem: string | null;
}

let held: Held | null = null;

/**
 * The configuration in force, read again whenever its file has changed. A change with a mistake leaves in force what was; a
 * process that has never read a good one has none, and lets nobody in.
 */
export function webConfig(): WebConfig | null {
  return read().config;
}

/** What is wrong with the configuration file; null for nothing. For the operator: it names paths and keys. */
export function configProblem(): string | null {
  return read().problem;
}

function read(): Held {
  const path = configPath();
  const stamp = stampOf(path);
  if (held?.stamp === stamp) return held;
  const config = held?.config ?? null;
  try {
    const { access, logs, health } = loadConfig(path).config;
    held = {
      stamp,
      config: { access, publicMirrors: logs.publicMirrors, publicMetrics: health.metrics === 'open' },
      problem: null,
    };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    createLogger('web').error({ err: error }, 'the configuration cannot be read; who may sign in stays as it was');
    held = { stamp, config, problem: error.message };
  }
  return held;
}

function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? 'none' : `${stat.ino}-${stat.size}-${stat.mtimeNs}-${stat.ctimeNs}`;
}
