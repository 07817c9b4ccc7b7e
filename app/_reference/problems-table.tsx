import { PROBLEM_CODES } from '#lib/http/problem-codes.ts';
import { ScrollArea } from '../_ui/scroll-area.tsx';

/** Every kind of problem document; the `type` of one leads to its row. */
export function ProblemsTable() {
  return (
    <ScrollArea label="Kinds of problems">
      <table className="table table-stack">
        <thead>
          <tr>
            <th scope="col">Problem</th>
            <th scope="col">Status</th>
            <th scope="col">Meaning</th>
            <th scope="col">What to do</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(PROBLEM_CODES).map(([code, { status, meaning, mend }]) => (
            <tr key={code} id={`problem-${code}`} className="target:bg-accent-tint">
              <th scope="row" data-label="Problem">
                <a href={`#problem-${code}`} className="link mono">
                  {code}
                </a>
              </th>
              <td data-label="Status" className="mono">
                {status}
              </td>
              <td data-label="Meaning">{meaning}</td>
              <td data-label="What to do">{mend}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
