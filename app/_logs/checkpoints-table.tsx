import { formatCount, formatPlural } from '#lib/provenance/format.ts';
import { witnessState } from '#lib/provenance/log-words.ts';
import { CHECKPOINT_STATE } from '#lib/provenance/state.ts';
import { showText } from '#lib/provenance/untrusted-text.ts';
import type { LogDetail } from '#lib/services/log/get.ts';
import { encodeBase64 } from '#lib/tlog/base64.ts';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Time } from '../_ui/time.tsx';
import { Value } from '../_ui/value.tsx';
import { Cosigners } from './cosigners.tsx';
import { SeenAt } from './seen-at.tsx';

interface Props {
  readonly checkpoints: LogDetail['checkpoints'];
  readonly now: number;
}

/** Every signed head that reached us by whatever way, newest first, and who besides the log signed it. */
export function CheckpointsTable({ checkpoints, now }: Props) {
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
            <th scope="col">Witnesses</th>
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
                  {checkpoint.seenFrom === 'log' ? null : (
                    <span className="text-muted">
                      seen through <SeenAt seenFrom={checkpoint.seenFrom} seenAt={checkpoint.seenAt} />
                    </span>
                  )}
                </span>
              </td>
              <td data-label="Proof">{describeProof(checkpoint)}</td>
              <td data-label="Witnesses">
                <span className="block sm:min-w-44">
                  <StateMark state={witnessState(checkpoint)} />
                  <Cosigners {...checkpoint} now={now} />
                </span>
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

function describeProof({ previousSize, consistencyProof, size, seenFrom }: LogDetail['checkpoints'][number]) {
  if (previousSize === null || consistencyProof === null) {
    return <span className="text-muted">{seenFrom === 'log' ? 'none; the first we took' : 'none yet'}</span>;
  }
  const hashes = formatPlural(consistencyProof.length / 32, 'hash', 'hashes');
  // Of a head that was met elsewhere, to the larger one that we had verified.
  return `${hashes} ${previousSize > size ? 'to' : 'from'} ${formatCount(previousSize)}`;
}
