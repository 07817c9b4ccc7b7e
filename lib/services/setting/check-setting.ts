import type { OpenDatabase } from '#db/client.ts';
import { type Composition, composeConfig, FileNotUsableError } from '#lib/config/compose.ts';
import type { ItemProblem, WrittenItem } from '#lib/config/setting-section.ts';
import type { SettingSectionKey } from '#lib/config/setting-sections.ts';
import { storedItems } from '#lib/services/config/effective.ts';
import { readComposition } from '#lib/services/config/record-composition.ts';
import { SettingsNotReadyError } from './refusal.ts';

export interface SettingInput {
  readonly section: SettingSectionKey;
  /** In the form that the file has, with its name. */
  readonly value: WrittenItem;
}

export interface CheckedSetting {
  /** Empty where the jobs would take it up. */
  readonly problems: readonly ItemProblem[];
  /** The configuration with the item in it, where it has no problems. */
  readonly composition: Composition;
}

/**
 * Holds an item against the file and all other items, as the jobs will: what is good here is good there.
 *
 * @throws {SettingsNotReadyError}
 */
export function checkSetting(database: OpenDatabase, { section, value }: SettingInput): CheckedSetting {
  const file = readComposition(database);
  if (file === null) throw new SettingsNotReadyError();
  const name = typeof value.name === 'string' ? value.name : '';
  const stored = storedItems(database);
  const candidate = { section, name, value: JSON.stringify(value), enabled: true, revision: 0 };
  const isThis = (item: { readonly section: string; readonly name: string }) =>
    item.section === section && item.name === name;
  // In its own place, where it has one already: an item before it is never to blame for it.
  const items = stored.some(isThis) ? stored.map((item) => (isThis(item) ? candidate : item)) : [...stored, candidate];
  try {
    const composition = composeConfig(file, items);
    return { problems: composition.setAside.find(isThis)?.problems ?? [], composition };
  } catch (error) {
    if (error instanceof FileNotUsableError) throw new SettingsNotReadyError();
    throw error;
  }
}
