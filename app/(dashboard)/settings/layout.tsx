import type { ReactNode } from 'react';
import { SETTING_SECTION_KEYS, SETTING_SECTIONS } from '#lib/config/setting-sections.ts';
import { SettingsNav } from '../../_settings/settings-nav.tsx';

const PLACES = [
  ...SETTING_SECTION_KEYS.map((key) => ({
    href: `/settings/${SETTING_SECTIONS[key].slug}`,
    label: SETTING_SECTIONS[key].title,
  })),
  { href: '/settings/tokens', label: 'Tokens' },
];

export default function SettingsLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <SettingsNav places={PLACES} />
      {children}
    </>
  );
}
