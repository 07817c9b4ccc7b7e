import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { SETTING_SECTION_KEYS, SETTING_SECTIONS } from '#lib/config/setting-sections.ts';
import { mayActAs, type Role } from '#lib/services/access/role.ts';
import { whoAsks } from '../../_server/asker.ts';
import { SettingsNav } from '../../_settings/settings-nav.tsx';

interface SettingsPlace {
  readonly href: string;
  readonly label: string;
  readonly role: Role;
}

const PLACES: readonly SettingsPlace[] = [
  { href: '/settings/account', label: 'Account', role: 'viewer' },
  ...SETTING_SECTION_KEYS.map((key) => ({
    href: `/settings/${SETTING_SECTIONS[key].slug}`,
    label: SETTING_SECTIONS[key].title,
    role: 'viewer' as const,
  })),
  { href: '/settings/people', label: 'People', role: 'admin' },
  { href: '/settings/tokens', label: 'Tokens', role: 'admin' },
  { href: '/settings/audit', label: 'Audit', role: 'admin' },
];

export default async function SettingsLayout({ children }: { children: ReactNode }) {
  const asker = await whoAsks(await headers());
  const places = PLACES.filter(({ role }) => asker !== null && mayActAs(asker.role, role));
  return (
    <>
      <SettingsNav places={places.map(({ href, label }) => ({ href, label }))} />
      {children}
    </>
  );
}
