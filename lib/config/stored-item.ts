import { z } from 'zod';
import type { ItemProblem, WrittenItem } from './setting-section.ts';
import { isSettingSection, SETTING_SECTIONS, type SettingSectionKey } from './setting-sections.ts';

/** An item that was made in the browser, as it is stored: nothing of it is believed. */
export interface StoredItem {
  readonly section: string;
  readonly name: string;
  /** JSON of the item in the form that the file has. */
  readonly value: string;
  readonly enabled: boolean;
  readonly revision: number;
}

/** A stored item that may be tried in the configuration. */
export interface ReadItem {
  readonly item: StoredItem;
  readonly section: SettingSectionKey;
  readonly written: WrittenItem;
}

const MAX_VALUE = 64 * 1024;
/** No control, format or private characters, and no space at an end: a name must not pass for another's. */
const NAME = /^[^\p{C}\s](?:[^\p{C}]{0,98}[^\p{C}\s])?$/u;

const mapSchema = z.record(z.string(), z.unknown());

/** Reads a stored item as far as that goes without the rest of the configuration. */
export function readStoredItem(item: StoredItem): ReadItem | readonly ItemProblem[] {
  const { section, name } = item;
  const written = readItemValue(item.value);
  if (!isSettingSection(section)) return wrong(`belongs to “${section}”, which nothing can be added to here`);
  if (written === null) return wrong('is not stored as a map of keys');
  if (written.name !== name) return wrong('is stored under another name than its own');
  const problems = checkItem(section, written);
  return problems.length > 0 ? problems : { item, section, written };
}

/** The stored JSON as a map; null where it is none. */
export function readItemValue(json: string): WrittenItem | null {
  if (json.length > MAX_VALUE) return null;
  try {
    const read = mapSchema.safeParse(JSON.parse(json));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}

/** What of an item does not hold by itself, whatever else there is. */
export function checkItem(section: SettingSectionKey, written: WrittenItem): readonly ItemProblem[] {
  const { name } = written;
  const named =
    typeof name === 'string' && NAME.test(name)
      ? []
      : [
          {
            path: ['name'],
            message: 'is no name',
            mend: 'Write 1 to 100 characters that can be seen, without a space at an end',
          },
        ];
  const tooLarge = JSON.stringify(written).length > MAX_VALUE;
  const sized = tooLarge ? [{ path: [], message: 'is too large', mend: `Keep it below ${MAX_VALUE} bytes` }] : [];
  return [...named, ...sized, ...SETTING_SECTIONS[section].refuse(written)];
}

function wrong(message: string): readonly ItemProblem[] {
  return [{ path: [], message, mend: 'Remove it, and add it again' }];
}
