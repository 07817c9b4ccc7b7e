'use client';

import { usePathname } from 'next/navigation';
import { AppLink } from '../_ui/app-link.tsx';

export interface SettingsPlace {
  readonly href: string;
  readonly label: string;
}

/** The pages of the settings, one beside the other. */
export function SettingsNav({ places }: { places: readonly SettingsPlace[] }) {
  const pathname = usePathname();
  return (
    <nav aria-label="Settings" className="mb-5 border-b border-line">
      <ul className="flex flex-wrap gap-x-5">
        {places.map(({ href, label }) => {
          const isHere = pathname === href || pathname.startsWith(`${href}/`);
          return (
            <li key={href}>
              <AppLink
                href={href}
                aria-current={isHere ? (pathname === href ? 'page' : 'true') : undefined}
                className={`-mb-px inline-flex min-h-8 items-center border-b-2 ${
                  isHere ? 'border-accent font-medium text-ink' : 'border-transparent text-muted hover:text-ink'
                }`}
              >
                {label}
              </AppLink>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
