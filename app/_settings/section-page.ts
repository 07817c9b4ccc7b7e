import { hash } from 'node:crypto';
import { headers } from 'next/headers';
import type { ItemKind, SettingSection } from '#lib/config/setting-section.ts';
import { SETTING_SECTIONS, type SettingSectionKey, sectionOfSlug } from '#lib/config/setting-sections.ts';
import { mayActAs } from '#lib/services/access/role.ts';
import { whoAsks } from '../_server/asker.ts';
import { listUrl } from '../_server/list-query.ts';

/** What to do where a form cannot be used. */
export const INSTEAD = 'Use modeltrail settings on the server’s machine.';

/** A list by the word in its address; null where there is none. */
export function findSection(
  slug: string,
): { readonly key: SettingSectionKey; readonly section: SettingSection } | null {
  const key = sectionOfSlug(slug);
  return key === undefined ? null : { key, section: SETTING_SECTIONS[key] };
}

/** The kind of item that an address or a form names; the only one where there is but one. */
export function findKind({ kinds }: SettingSection, id: string | null): ItemKind | null {
  const [first, ...others] = kinds;
  return kinds.find((kind) => kind.id === id) ?? (others.length === 0 ? (first ?? null) : null);
}

/** Whether whoever asks for this page may change what it shows. */
export async function mayChange(): Promise<boolean> {
  const asker = await whoAsks(await headers());
  return asker !== null && mayActAs(asker.role, 'admin');
}

/** The id of an item's row: names may hold anything. */
export function anchorOf(name: string): string {
  return `item-${hash('sha256', name).slice(0, 12)}`;
}

/** The address of an item's row, whatever page of the list it is on. */
export function itemUrl(slug: string, name: string): string {
  return `${listUrl(`/settings/${slug}`, { at: name })}#${anchorOf(name)}`;
}
