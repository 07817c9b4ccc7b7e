import type { LevelCheck } from '#lib/provenance/ml-level/judge.ts';
import { LEVEL_OUTCOME } from '#lib/provenance/ml-level/level-words.ts';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';

/** Checks of levels: what must hold, whether it does, how that is known, and what to do where it does not. */
export function LevelChecks({ checks, label }: { readonly checks: readonly LevelCheck[]; readonly label: string }) {
  return (
    <ScrollArea label={label}>
      <table className="table table-stack">
        <thead>
          <tr>
            <th scope="col">Check</th>
            <th scope="col">State</th>
            <th scope="col">How it is known</th>
            <th scope="col">What to do</th>
          </tr>
        </thead>
        <tbody>
          {checks.map(({ id, title, outcome, how, reads, mend }) => (
            <tr key={id}>
              <th scope="row" data-label="Check" className="font-normal">
                <span className="block max-w-[36ch]">
                  <span className="mono text-muted">{id}</span> {title}
                </span>
              </th>
              <td data-label="State">
                <StateMark state={LEVEL_OUTCOME[outcome]} />
              </td>
              <td data-label="Known by">
                <span className="block max-w-[52ch]">
                  <span className="wrap-anywhere">{how}</span>
                  <span className="block text-muted wrap-anywhere">{withoutTicks(reads)}</span>
                </span>
              </td>
              <td data-label="To do">
                {outcome === 'met' ? null : (
                  <span className="block max-w-[44ch] wrap-anywhere">{withoutTicks(mend)}</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

/** Keys and commands stand between backticks in our own texts. */
function withoutTicks(text: string) {
  return text.split('`').map((part, i) =>
    i % 2 === 0 ? (
      part
    ) : (
      <span key={part} className="mono">
        {part}
      </span>
    ),
  );
}
