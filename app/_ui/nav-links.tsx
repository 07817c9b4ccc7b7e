'use client';

import {
  BadgeCheck,
  Bell,
  Boxes,
  CodeXml,
  Database,
  FileInput,
  Fingerprint,
  Gauge,
  KeyRound,
  ListTree,
  type LucideIcon,
  Rocket,
  ScrollText,
  Share2,
  ShieldCheck,
  Siren,
} from 'lucide-react';
import Link, { useLinkStatus } from 'next/link';
import { usePathname } from 'next/navigation';

interface Place {
  readonly href: string;
  readonly label: string;
  readonly Icon: LucideIcon;
  /** Pages that belong to it under another address. */
  readonly also?: string;
}

const PLACES: readonly Place[] = [
  { href: '/', label: 'Overview', Icon: Gauge },
  { href: '/alerts', label: 'Alerts', Icon: Bell },
  { href: '/verify', label: 'Verify', Icon: ShieldCheck, also: '/verifications' },
  { href: '/models', label: 'Models', Icon: Boxes },
  { href: '/incidents', label: 'Incidents', Icon: Siren },
  { href: '/deployments', label: 'Deployments', Icon: Rocket },
  { href: '/datasets', label: 'Data sets', Icon: Database, also: '/artifacts' },
  { href: '/identities', label: 'Identities', Icon: Fingerprint, also: '/identity' },
  { href: '/events', label: 'Events', Icon: ScrollText, also: '/undecided' },
  { href: '/certificates', label: 'Certificates', Icon: BadgeCheck },
  { href: '/logs', label: 'Logs', Icon: ListTree },
  { href: '/sharing', label: 'Sharing', Icon: Share2 },
  { href: '/sources', label: 'Sources', Icon: FileInput },
  { href: '/settings/account', label: 'Settings', Icon: KeyRound, also: '/settings' },
  { href: '/reference', label: 'API', Icon: CodeXml },
];

/** The places of the dashboard; `attention` is the number that Overview carries, `newAlerts` that of Alerts. */
export function NavLinks({ attention, newAlerts }: { attention: number; newAlerts: number }) {
  const pathname = usePathname();
  return (
    <ul className="flex gap-0.5 max-lg:flex-wrap lg:flex-col">
      {PLACES.map(({ href, label, Icon, also }) => {
        const isHere = href === '/' ? pathname === '/' : isWithin(pathname, href) || isWithin(pathname, also ?? href);
        return (
          <li key={href} className="max-lg:flex-1">
            <Link
              href={href}
              prefetch={false}
              aria-current={isHere ? (pathname === href ? 'page' : 'true') : undefined}
              className={`relative flex min-h-8 items-center gap-2.5 rounded px-2.5 py-1 max-lg:justify-center max-lg:px-2 max-lg:text-[0.8125rem] ${
                isHere ? 'bg-accent-tint font-medium text-accent' : 'text-ink hover:bg-sunken'
              }`}
            >
              <Icon size={16} aria-hidden="true" className="shrink-0 max-lg:hidden" />
              <span className="whitespace-nowrap">{label}</span>
              {href === '/' ? (
                <Count count={attention} one="thing needs attention" many="things need attention" />
              ) : null}
              {href === '/alerts' ? <Count count={newAlerts} one="new alert" many="new alerts" /> : null}
              <Pending />
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

function Count({ count, one, many }: { count: number; one: string; many: string }) {
  if (count === 0) return null;
  return (
    <span className="ml-auto rounded bg-broken-tint px-1.5 text-xs font-medium text-broken tabular-nums max-lg:hidden">
      {count}
      <span className="sr-only"> {count === 1 ? one : many}</span>
    </span>
  );
}

function isWithin(pathname: string, place: string): boolean {
  return pathname === place || pathname.startsWith(`${place}/`);
}

/** Shows which link is being followed, should the page take a moment. */
function Pending() {
  const { pending } = useLinkStatus();
  return pending ? (
    <span aria-hidden="true" className="absolute inset-x-2.5 bottom-0 h-0.5 motion-safe:animate-pulse bg-accent" />
  ) : null;
}
