import { formatCount, formatPlural } from '#lib/provenance/format.ts';
import { CHECKPOINT_STATE } from '#lib/provenance/state.ts';
import { showText } from '#lib/provenance/untrusted-text.ts';
import type { LogDetail } from '#lib/services/log/get.ts';
import { encodeBase64 } from '#lib/tlog/base64.ts';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Time } from '../_ui/time.tsx';
import { Value } from '../_ui/value.tsx';

/** Every signed checkpoint that the tail took up, newest first. */
export function CheckpointsTable({ checkpoints }: { checkpoints: LogDetail['checkpoints'] }) {
  return (
    <ScrollArea label="Checkpoints, newest first">
      <table className="table table-stack">
        <thead>
          <tr>
            <th scope="col" className="numeric">
              Size
            </th>
            <th scope="col">State</th>
            <th scope="col">Root</th>
            <th scope="col">First seen and verified, our clock</th>
            <th scope="col">Consistency proof</th>
            <th scope="col" className="numeric">
              Cosignatures
            </th>
            <th scope="col">Note</th>
          </tr>
        </thead>
        <tbody>
          {checkpoints.map((checkpoint) => (
            <tr key={checkpoint.id}>
              <th scope="row" data-label="Size" className="numeric">
                {formatCount(checkpoint.size)}
              </th>
              <td data-label="State">
                <StateMark state={CHECKPOINT_STATE[checkpoint.state]} />
              </td>
              <td data-label="Root">
                <Value value={encodeBase64(checkpoint.root)} limit={16} isShort copy="root" />
              </td>
              <td data-label="When">
                <span className="flex flex-col">
                  <Time at={checkpoint.firstSeenAt} />
                  {checkpoint.verifiedAt === null ? (
                    <span className="text-muted">not verified</span>
                  ) : (
                    <Time at={checkpoint.verifiedAt} />
                  )}
                </span>
              </td>
              <td data-label="Proof">{describeProof(checkpoint)}</td>
              <td data-label="Cosignatures" className="numeric">
                {formatCount(checkpoint.cosignatures)}
              </td>
              <td data-label="Note">
                <details>
                  <summary className="min-h-6 whitespace-nowrap text-accent">Show</summary>
                  <ScrollArea
                    label={`Note of size ${checkpoint.size}`}
                    className="mt-1 max-w-[30rem] rounded bg-sunken"
                  >
                    <pre className="w-max p-2">{checkpoint.note.split('\n').map(showText).join('\n')}</pre>
                  </ScrollArea>
                  <a className="link" href={`/logs/${checkpoint.logId}/checkpoints/${checkpoint.id}`} download>
                    Download the note
                  </a>
                </details>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function describeProof({ previousSize, consistencyProof }: LogDetail['checkpoints'][number]) {
  if (previousSize === null || consistencyProof === null)
    return <span className="text-muted">none; the first we took</span>;
  return `${formatPlural(consistencyProof.length / 32, 'hash', 'hashes')} from ${formatCount(previousSize)}`;
}
