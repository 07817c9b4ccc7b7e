import { channelsSection } from './channels-section.ts';
import { modelsSection } from './models-section.ts';
import { routesSection } from './routes-section.ts';
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
  channels: channelsSection,
  routes: routesSection,
} as const satisfies Readonly<Record<string, SettingSection>>;

export type SettingSectionKey = keyof typeof SETTING_SECTIONS;

/** In the order of the pages. */
export const SETTING_SECTION_KEYS: readonly SettingSectionKey[] =
  Object.keys(SETTING_SECTIONS).filter(isSettingSection);

/** The key of the list with this word in the addresses of its pages; undefined where there is none. */
export function sectionOfSlug(slug: string): SettingSectionKey | undefined {
  return SETTING_SECTION_KEYS.find((key) => SETTING_SECTIONS[key].slug === slug);
}

export function isSettingSection(key: string): key is SettingSectionKey {
  return Object.hasOwn(SETTING_SECTIONS, key);
}

/** A list of the file as it is written; empty where there is none. */
export function listOf(written: unknown, key: SettingSectionKey): readonly unknown[] {
  const list = SETTING_SECTIONS[key].path.reduce<unknown>(
    (value, part) => (value as Readonly<Record<string, unknown>> | null | undefined)?.[part],
    written,
  );
  return Array.isArray(list) ? list : [];
}

/** A copy of what is written, with this list in it. */
export function withList(written: unknown, key: SettingSectionKey, list: readonly unknown[]): unknown {
  return replaceAt(written, SETTING_SECTIONS[key].path, list);
}

function replaceAt(map: unknown, [part, ...rest]: readonly string[], value: unknown): unknown {
  if (part === undefined) return value;
  const own = (map ?? {}) as Readonly<Record<string, unknown>>;
  return { ...own, [part]: replaceAt(own[part], rest, value) };
}
