import type { ItemKind, ItemProblem } from '#lib/config/setting-section.ts';
import { showText } from '#lib/provenance/untrusted-text.ts';
import { StateMark } from '../_ui/state-mark.tsx';

const REFUSED = {
  tone: 'broken',
  word: 'Not saved',
  meaning: 'The jobs would not take it up as it is.',
} as const;

/** Everything that is wrong with what was filled in, each leading to its field. */
export function ProblemList({ kind, problems }: { kind: ItemKind; problems: readonly ItemProblem[] }) {
  return (
    <section aria-label="What is wrong" role="alert" className="panel flex flex-col gap-1.5 p-4">
      <StateMark state={REFUSED} />
      <ul className="flex flex-col gap-1">
        {problems.map((problem) => {
          const key = String(problem.path[0] ?? '');
          const label = key === 'name' ? 'Name' : kind.fields.find((field) => field.key === key)?.label;
          return (
            <li key={problem.path.join('.') + problem.message}>
              {label === undefined ? null : (
                <a href={`#field-${key}`} className="link mr-1">
                  {label}
                </a>
              )}
              <ProblemText problem={problem} skip={label === undefined ? 0 : 1} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** A problem and its mend. @param skip how much of its place is said already. */
export function ProblemText({ problem: { path, message, mend }, skip }: { problem: ItemProblem; skip: number }) {
  const rest = path.slice(skip).map((part) => (typeof part === 'number' ? `number ${part + 1}` : String(part)));
  const place = rest.length === 0 ? '' : `${rest.join(', ')}: `;
  return <span className="text-broken wrap-anywhere">{showText(`${place}${message}. ${mend}.`)}</span>;
}
