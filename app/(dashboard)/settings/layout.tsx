import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { mayActAs, type Role } from '#lib/services/access/role.ts';
import { whoAsks } from '../../_server/asker.ts';
import { SettingsNav } from '../../_settings/settings-nav.tsx';

const PLACES = [
  { href: '/settings/account', label: 'Account', role: 'viewer' },
  { href: '/settings/people', label: 'People', role: 'admin' },
  { href: '/settings/tokens', label: 'Tokens', role: 'admin' },
  { href: '/settings/audit', label: 'Audit', role: 'admin' },
] as const satisfies readonly { href: string; label: string; role: Role }[];

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
