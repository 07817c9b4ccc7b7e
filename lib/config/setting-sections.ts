import { modelsSection } from './models-section.ts';
import type { SettingSection } from './setting-section.ts';
import { sourcesSection } from './sources-section.ts';
import { watchSection } from './watch-section.ts';

/**
 * The lists of the configuration that can be added to in the browser, by their keys in the file. A list that is named here
 * has pages, requests of the API and commands, and is merged with the file.
 */
export const SETTING_SECTIONS = {
  watch: watchSection,
  models: modelsSection,
  sources: sourcesSection,
} as const satisfies Readonly<Record<string, SettingSection>>;

export type SettingSectionKey = keyof typeof SETTING_SECTIONS;

/** In the order of the pages. */
export const SETTING_SECTION_KEYS: readonly SettingSectionKey[] =
  Object.keys(SETTING_SECTIONS).filter(isSettingSection);

/** The list with this key in the file; undefined where none of this name can be added to. */
export function settingSection(key: string): SettingSection | undefined {
  return isSettingSection(key) ? SETTING_SECTIONS[key] : undefined;
}

export function isSettingSection(key: string): key is SettingSectionKey {
  return Object.hasOwn(SETTING_SECTIONS, key);
}
