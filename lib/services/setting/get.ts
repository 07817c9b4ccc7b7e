import type { OpenDatabase } from '#db/client.ts';
import { type ListedSetting, listSettings, type SettingList } from './list.ts';
import type { SettingKey } from './stored.ts';

/**
 * One item; of two with the same name, the one that was made here where `isHere` says so.
 *
 * @returns the item, null where there is none of this name, with what is known of the whole list.
 */
export async function getSetting(
  database: OpenDatabase,
  { section, name }: SettingKey,
): Promise<{ readonly item: ListedSetting | null; readonly list: SettingList }> {
  const list = await listSettings(database, section);
  const named = list.items.filter((item) => item.name === name);
  return { item: named.find(({ place }) => place.kind === 'here') ?? named[0] ?? null, list };
}
