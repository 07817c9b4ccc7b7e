import { hash } from 'node:crypto';
import { asc } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { settings } from '#db/schema/setting.ts';
import { type ComposedFile, type Composition, composeConfig } from '#lib/config/compose.ts';
import type { StoredItem } from '#lib/config/stored-item.ts';

/** The configuration to put in force: the file, and what was made in the browser. */
export interface EffectiveConfig extends Composition {
  /** Tells one content of the table from another. */
  readonly stamp: string;
}

/**
 * Adds what was made in the browser to a file that holds.
 *
 * @throws {FileNotUsableError} where the file does not hold by itself.
 */
export function effectiveConfig(database: OpenDatabase, file: ComposedFile): EffectiveConfig {
  const items = storedItems(database);
  return { ...composeConfig(file, items), stamp: stampOf(items) };
}

/** All stored items in the order in which they are added: the older before the newer, whatever is done to them later. */
export function storedItems({ db }: Pick<OpenDatabase, 'db'>): readonly StoredItem[] {
  return db
    .select()
    .from(settings)
    .orderBy(asc(settings.section), asc(settings.createdAt), asc(settings.name))
    .all()
    .map(({ section, name, value, enabled, revision }) => ({ section, name, value, enabled, revision }));
}

/** Lowercase hex: another one wherever anything was changed, by whatever hand. */
export function stampOf(items: readonly StoredItem[]): string {
  const all = items.map(({ section, name, value, enabled, revision }) => [section, name, value, enabled, revision]);
  return hash('sha256', JSON.stringify(all));
}
