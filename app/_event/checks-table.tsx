import type { Check } from '#lib/provenance/check.ts';
import { CHECK_LABELS, orderChecks } from '#lib/provenance/check-labels.ts';
import { CHECK_OUTCOME } from '#lib/provenance/state.ts';
import { showText } from '#lib/provenance/untrusted-text.ts';
import { Nothing } from '../_ui/panel.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Value } from '../_ui/value.tsx';

/** Every check that was made, with its outcome and what it rests on. */
export function ChecksTable({ checks, label }: { checks: readonly Check[]; label: string }) {
  if (checks.length === 0) return <Nothing>No check was recorded.</Nothing>;
  return (
    <ScrollArea label={label}>
      <table className="table table-stack">
        <thead>
          <tr>
            <th scope="col">Outcome</th>
            <th scope="col">Check</th>
            <th scope="col">What was found</th>
            <th scope="col">Evidence</th>
          </tr>
        </thead>
        <tbody>
          {orderChecks(checks).map((check, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: one event may have two checks of a name, in a fixed order
            <tr key={`${check.name} ${i}`}>
              <td data-label="Outcome">
                <StateMark state={CHECK_OUTCOME[check.outcome]} />
              </td>
              <th scope="row" data-label="Check" className="font-medium!">
                {CHECK_LABELS[check.name] ?? check.name}
              </th>
              <td data-label="Found" className="max-w-[36rem] wrap-anywhere">
                {showText(check.statement)}
              </td>
              <td data-label="Evidence">
                <Evidence evidence={check.evidence} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function Evidence({ evidence }: { evidence: Check['evidence'] }) {
  const entries = Object.entries(evidence);
  if (entries.length === 0) return <span className="text-muted">none</span>;
  return (
    <ul>
      {entries.map(([label, value]) => (
        <li key={label}>
          <span className="text-muted">{showText(label)} </span>
          <Value value={value} limit={44} />
        </li>
      ))}
    </ul>
  );
}
