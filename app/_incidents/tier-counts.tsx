import { formatCount } from '#lib/provenance/format.ts';
import { TIER } from '#lib/provenance/incident-words.ts';
import type { Tier } from '#lib/provenance/scope.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { StateGlyph } from '../_ui/state-mark.tsx';

const TIERS = Object.keys(TIER) as Tier[];

interface Props {
  readonly tiers: Readonly<Record<Tier, number>>;
  readonly deployed: number;
  /** Where one tier alone is listed; without it nothing is a link. */
  readonly urlOf?: (tier: Tier) => string;
  readonly chosen?: Tier | null;
}

/** How many artifacts there are in each tier, and how many of all run somewhere. */
export function TierCounts({ tiers, deployed, urlOf, chosen = null }: Props) {
  return (
    <ul className="grid grid-cols-2 gap-px overflow-hidden rounded border border-line bg-line lg:grid-cols-5">
      <li className="bg-surface px-3 py-2">
        <span className={`block text-lg font-semibold tabular-nums ${deployed > 0 ? 'text-broken' : ''}`}>
          {formatCount(deployed)}
        </span>
        <span className="text-[0.8125rem] text-muted">running somewhere</span>
      </li>
      {TIERS.map((tier) => (
        <li
          key={tier}
          className={`px-3 py-2 max-lg:last:col-span-2 ${chosen === tier ? 'bg-accent-tint' : 'bg-surface'}`}
          title={TIER[tier].meaning}
        >
          <span className="block text-lg font-semibold tabular-nums">{formatCount(tiers[tier])}</span>
          <span className="inline-flex items-center gap-1.5 text-[0.8125rem]">
            <StateGlyph tone={TIER[tier].tone} size={12} />
            {urlOf ? <AppLink href={urlOf(tier)}>{TIER[tier].word}</AppLink> : TIER[tier].word}
          </span>
        </li>
      ))}
    </ul>
  );
}
