import { LINK, NO_INPUTS, SIGNATURE } from '#lib/provenance/state.ts';
import type { Verdict } from '#lib/services/graph/list-verdicts.ts';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Time } from '../_ui/time.tsx';
import { Value } from '../_ui/value.tsx';

/** Every verdict there was, the newest first: when it broke, why, and what mended it. */
export function VerdictHistory({ verdicts }: { verdicts: readonly Verdict[] }) {
  return (
    <ScrollArea label="Verdicts, newest first" className="max-h-[24rem]">
      <table className="table table-stack">
        <thead className="md:sticky md:top-0 md:z-1">
          <tr>
            <th scope="col">Since</th>
            <th scope="col">Weakest link</th>
            <th scope="col">Own signature</th>
            <th scope="col">Because</th>
            <th scope="col">What arrived</th>
          </tr>
        </thead>
        <tbody>
          {verdicts.map(({ id, at, weakest, signature, reason, cause }) => (
            <tr key={id}>
              <th scope="row" data-label="Since">
                <Time at={at} />
              </th>
              <td data-label="Weakest">
                <StateMark state={weakest === null ? NO_INPUTS : LINK[weakest]} />
              </td>
              <td data-label="Signature">
                <StateMark state={SIGNATURE[signature]} />
              </td>
              <td data-label="Because">
                <span className="block max-w-[60ch] wrap-anywhere">{reason}</span>
              </td>
              <td data-label="Arrived">
                <Value value={cause} limit={40} className="text-muted" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
