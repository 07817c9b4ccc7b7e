import { stringify } from 'yaml';
import type { OpenDatabase } from '#db/client.ts';
import { SETTING_SECTION_KEYS, SETTING_SECTIONS, type SettingSectionKey } from '#lib/config/setting-sections.ts';
import { readStoredItem } from '#lib/config/stored-item.ts';
import { storedItems } from '#lib/services/config/effective.ts';

/**
 * What was made here as YAML, to be pasted into the file. Items that are switched off, or cannot be read, are comments;
 * secrets are replaced.
 */
export async function exportSettings(
  database: OpenDatabase,
  sections: readonly SettingSectionKey[] = SETTING_SECTION_KEYS,
): Promise<string> {
  const items = storedItems(database);
  const parts = sections.flatMap((section) => {
    const own = items.filter((item) => item.section === section);
    if (own.length === 0) return [];
    return [`${section}:`, ...own.map((item) => indent(exportItem(section, item)))];
  });
  return parts.length === 0 ? '# Nothing was made in the browser.\n' : `${parts.join('\n')}\n`;
}

function exportItem(section: SettingSectionKey, item: Parameters<typeof readStoredItem>[0]): string {
  const read = readStoredItem(item);
  if (!('section' in read)) return comment(`${JSON.stringify(item.name)} cannot be used as it is stored`);
  const yaml = stringify([SETTING_SECTIONS[section].redact(read.written)], { lineWidth: 0 }).trimEnd();
  return item.enabled ? yaml : comment(`switched off\n${yaml}`);
}

function comment(text: string): string {
  return text.replaceAll(/^/gm, '# ');
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
