import Link from 'next/link';
import { showText } from '#lib/provenance/untrusted-text.ts';

/** The name of the product, and of the organisation whose instance this is. */
export function Brand({ organisation }: { organisation: string | null }) {
  return (
    <div className="min-w-0">
      <Link href="/" prefetch={false} className="inline-flex items-center gap-2 rounded">
        <svg width="24" height="24" viewBox="0 0 32 32" aria-hidden="true">
          <rect width="32" height="32" rx="7" fill="var(--accent)" />
          <g fill="none" stroke="var(--on-accent)" strokeWidth="2.4" strokeLinecap="round">
            <path d="M9 10.5V25M9 19.5h8.5M9 16.5a3.5 3.5 0 0 1 3.5-3.5H20" />
          </g>
          <g fill="var(--on-accent)">
            <circle cx="9" cy="7.5" r="3" />
            <circle cx="23" cy="13" r="3" />
            <circle cx="20.5" cy="19.5" r="3" />
          </g>
        </svg>
        <span className="text-[0.9375rem] font-semibold tracking-tight">Modeltrail</span>
      </Link>
      {organisation ? (
        <p className="mt-1.5 truncate text-[0.8125rem] text-muted max-lg:hidden" title={showText(organisation)}>
          {showText(organisation)}
        </p>
      ) : null}
    </div>
  );
}
