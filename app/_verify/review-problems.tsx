import type { PickProblem } from '#lib/browser/picked-file.ts';
import { formatCount, formatPlural } from '#lib/provenance/format.ts';
import { StateGlyph } from '../_ui/state-mark.tsx';
import { Value } from '../_ui/value.tsx';

const MOST = 50;

/** Files that are not in the list, though they were chosen: without them it looks as if they were missing. */
export function ReviewProblems({ problems }: { problems: readonly PickProblem[] }) {
  if (problems.length === 0) return null;
  return (
    <div role="alert" className="rounded bg-broken-tint px-3 py-2">
      <p className="flex items-center gap-2 font-medium text-broken">
        <StateGlyph tone="broken" />
        {formatPlural(problems.length, 'file is', 'files are')} not in the list, and will count as missing.
      </p>
      <ul className="mt-1 flex flex-col gap-1 pl-6">
        {problems.slice(0, MOST).map(({ path, reason }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two problems may be about one path
          <li key={i}>
            <Value value={path} limit={72} /> <span className="text-muted">{reason}</span>
          </li>
        ))}
      </ul>
      {problems.length > MOST ? (
        <p className="pl-6 text-muted">And {formatCount(problems.length - MOST)} more.</p>
      ) : null}
    </div>
  );
}
