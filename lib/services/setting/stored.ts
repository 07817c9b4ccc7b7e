import { and, eq } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { settings } from '#db/schema/setting.ts';
import type { WrittenItem } from '#lib/config/setting-section.ts';
import { SETTING_SECTIONS, type SettingSectionKey } from '#lib/config/setting-sections.ts';
import { readItemValue } from '#lib/config/stored-item.ts';

export interface SettingKey {
  readonly section: SettingSectionKey;
  readonly name: string;
}

/** The row of an item; undefined where there is none. */
export function findSetting(db: Pick<Writer, 'select'>, { section, name }: SettingKey) {
  return db.select().from(settings).where(isSetting({ section, name })).get();
}

/** The condition that tells an item from all others. */
export function isSetting({ section, name }: SettingKey) {
  return and(eq(settings.section, section), eq(settings.name, name));
}

/** What an entry of the audit trail is about. */
export function targetOf({ section, name }: SettingKey): string {
  return `${section}/${name}`;
}

/** A stored item as the audit trail may have it. What cannot be read is said to be so. */
export function auditedValue(section: SettingSectionKey, value: string): WrittenItem | string {
  const written = readItemValue(value);
  return written === null ? 'not readable' : SETTING_SECTIONS[section].redact(written);
}
