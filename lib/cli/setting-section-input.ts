import { isSettingSection, SETTING_SECTION_KEYS, type SettingSectionKey } from '#lib/config/setting-sections.ts';
import { UsageError } from './command.ts';

/** A list of the configuration as an argument names it. @throws {UsageError} where it is none that can be added to. */
export function readSection(text: string | undefined): SettingSectionKey {
  if (text !== undefined && isSettingSection(text)) return text;
  const which = text === undefined ? 'Say which list' : `There is no list ${JSON.stringify(text)} to add to`;
  throw new UsageError(`${which}. There are: ${SETTING_SECTION_KEYS.join(', ')}.`);
}

/** A name as an argument gives it. @throws {UsageError} */
export function readName(text: string | undefined): string {
  if (text === undefined || text === '')
    throw new UsageError('Say which item: its name, in quotes where it has spaces.');
  return text;
}
