import type { ReactNode } from 'react';

export type Fact = readonly [label: string, value: ReactNode];

/** Labels and values, one under the other, or two abreast where there is room; what is not known is left out. */
export function Facts({ facts, isWide = false }: { facts: readonly Fact[]; isWide?: boolean }) {
  const columns = isWide ? 'xl:grid-cols-[9.5rem_minmax(0,1fr)_9.5rem_minmax(0,1fr)]' : '';
  return (
    <dl className={`grid grid-cols-1 gap-x-4 gap-y-2 sm:grid-cols-[9.5rem_minmax(0,1fr)] ${columns}`}>
      {facts.map(([label, value]) => (
        <div key={label} className="contents">
          <dt className="text-muted max-sm:-mb-1.5">{label}</dt>
          <dd className="min-w-0">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
