import { stringify } from 'yaml';
import type { OpenDatabase } from '#db/client.ts';
import {
  SETTING_SECTION_KEYS,
  SETTING_SECTIONS,
  type SettingSectionKey,
  withList,
} from '#lib/config/setting-sections.ts';
import { readStoredItem } from '#lib/config/stored-item.ts';
import { storedItems } from '#lib/services/config/effective.ts';

/**
 * What was made here as YAML, to be pasted into the file. Items that are switched off, or cannot be read, are comments at
 * the end; secrets are replaced.
 */
export async function exportSettings(
  database: OpenDatabase,
  sections: readonly SettingSectionKey[] = SETTING_SECTION_KEYS,
): Promise<string> {
  const items = storedItems(database);
  let document: unknown = {};
  const off: string[] = [];
  for (const section of sections) {
    const usable: unknown[] = [];
    for (const item of items.filter((stored) => stored.section === section)) {
      const read = readStoredItem(item);
      if (!('section' in read)) off.push(`${section}: ${JSON.stringify(item.name)} cannot be used as it is stored`);
      else if (item.enabled) usable.push(SETTING_SECTIONS[section].redact(read.written));
      else off.push(`${section}, switched off:\n${toYaml([SETTING_SECTIONS[section].redact(read.written)])}`);
    }
    if (usable.length > 0) document = withList(document, section, usable);
  }
  const comments = off.map((text) => `${text.replaceAll(/^/gm, '# ')}\n`).join('');
  const isEmpty = Object.keys(document as object).length === 0;
  if (isEmpty && comments === '') return '# Nothing was made in the browser.\n';
  return `${isEmpty ? '' : `${toYaml(document)}\n`}${comments}`;
}

function toYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0 }).trimEnd();
}
