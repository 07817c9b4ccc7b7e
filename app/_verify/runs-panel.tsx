import { formatPlural } from '#lib/provenance/format.ts';
import { OUTCOME } from '#lib/provenance/verification-words.ts';
import type { VerificationDetail } from '#lib/services/verification/get.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { Panel } from '../_ui/panel.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Time } from '../_ui/time.tsx';

interface Props {
  readonly receipt: VerificationDetail;
  /** The run that the page shows. */
  readonly shown: number;
  readonly firstUrl: string;
  readonly latestUrl: string;
}

/** Each time that the list was judged, and the button that does it again. The first answer never changes. */
export function RunsPanel({ receipt: { id, runs, first, latest }, shown, firstUrl, latestUrl }: Props) {
  const urls = new Map([
    [first.id, firstUrl],
    [latest.id, latestUrl],
  ]);
  return (
    <Panel
      title="Would it still verify today?"
      id="runs"
      flush
      aside={formatPlural(runs.length, 'check')}
      note="The same list is held against all that is known now: signatures that came later, signers that are no longer expected, findings since."
    >
      <ScrollArea label="Checks, newest first" className="max-h-[24rem]">
        <table className="table table-stack">
          <thead>
            <tr>
              <th scope="col">Checked</th>
              <th scope="col">Outcome</th>
              <th scope="col">As expected</th>
              <th scope="col">Answer</th>
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <tr key={run.id}>
                <th scope="row" data-label="Checked">
                  <Time at={run.at} />
                </th>
                <td data-label="Outcome">
                  <StateMark state={OUTCOME[run.outcome]} />
                </td>
                <td data-label="As expected">{expectedWord(run.isExpected)}</td>
                <td data-label="Answer">
                  <Answer url={urls.get(run.id) ?? null} isShown={run.id === shown} isFirst={run.id === first.id} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
      <form action={`/verifications/${id}/again`} method="post" className="border-t border-line px-4 py-3 print:hidden">
        <button type="submit" className="button">
          Check again now
        </button>
      </form>
    </Panel>
  );
}

function expectedWord(isExpected: boolean | null) {
  if (isExpected === null) return <span className="text-muted">not asked</span>;
  return isExpected ? 'yes' : <span className="text-broken">no</span>;
}

function Answer({ url, isShown, isFirst }: { url: string | null; isShown: boolean; isFirst: boolean }) {
  const which = isFirst ? 'when it was handed in' : 'the newest';
  if (isShown) return <span className="text-muted">shown here: {which}</span>;
  return url === null ? <span className="text-muted">in between</span> : <AppLink href={url}>Show {which}</AppLink>;
}
