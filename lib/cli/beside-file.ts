import { existsSync } from 'node:fs';
import { type OpenDatabase, openDatabase } from '#db/client.ts';
import { DatabaseVersionError } from '#db/version.ts';
import type { LoadedConfig } from '#lib/config/load.ts';
import { type EffectiveConfig, effectiveConfig } from '#lib/services/config/effective.ts';

/**
 * What a file comes to with what was set beside it, in the database that it names; null where there is none yet, or one
 * that this version cannot read.
 */
export function composeBeside(file: LoadedConfig): EffectiveConfig | null {
  if (!existsSync(file.config.database)) return null;
  let database: OpenDatabase;
  try {
    database = openDatabase(file.config.database);
  } catch (error) {
    if (error instanceof DatabaseVersionError) return null;
    throw error;
  }
  try {
    return effectiveConfig(database, file);
  } finally {
    database.close();
  }
}
