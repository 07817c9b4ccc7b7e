import { formatPlural } from '#lib/provenance/format.ts';
import { Value } from '../_ui/value.tsx';

/** Names shown at once. */
const SHOWN = 3;

/** Names of watch rules, the first few of many. */
export function RuleNames({ names }: { names: readonly string[] }) {
  const more = names.length - SHOWN;
  return (
    <span className="lines">
      {names.slice(0, SHOWN).map((name) => (
        <Value key={name} value={name} limit={60} isText />
      ))}
      {more > 0 ? <span className="text-muted">and {formatPlural(more, 'more rule')}</span> : null}
    </span>
  );
}
