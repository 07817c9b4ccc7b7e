import { formatCount } from '#lib/provenance/format.ts';
import type { VersionDetail } from '#lib/services/model/get-version.ts';
import type { TrainingLogSummary } from '#lib/training-log/summary.ts';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { Time } from '../_ui/time.tsx';
import { Digest, Value } from '../_ui/value.tsx';

interface Props {
  readonly summary: TrainingLogSummary;
  readonly detail: VersionDetail;
  /** Tells one log on the page from another, for labels. */
  readonly run: string;
}

/** What the run says it saved; whether it is this version can be told by its digest. */
export function TrainingCheckpoints({ summary: { checkpoints, counts }, detail, run }: Props) {
  if (checkpoints.length === 0) return null;
  const left = counts.checkpoints - checkpoints.length;
  const files = new Map(detail.files.map(({ digest, path }) => [digest, path]));
  return (
    <ScrollArea label={`Checkpoints of ${run}`} className="max-h-96">
      <table className="table table-stack">
        <thead>
          <tr>
            <th scope="col">Checkpoint</th>
            <th scope="col" className="numeric">
              Step
            </th>
            <th scope="col">Digest</th>
            <th scope="col">Is it in this version?</th>
            <th scope="col">Written, clock of the run</th>
          </tr>
        </thead>
        <tbody>
          {checkpoints.map(({ path, step, sha256, of, at }, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same path and digest may be saved twice
            <tr key={i}>
              <th scope="row" data-label="Checkpoint">
                <Value value={path} limit={60} />
              </th>
              <td data-label="Step" className="numeric">
                {step === null ? '' : formatCount(step)}
              </td>
              <td data-label="Digest">
                <Digest value={sha256} algorithm={of === 'model' ? 'root' : 'sha256'} />
              </td>
              <td data-label="In this version">
                <Place file={files.get(sha256) ?? null} isRoot={of === 'model' && sha256 === detail.version.root} />
              </td>
              <td data-label="Written">
                <Time at={at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {left > 0 ? (
        <p className="px-3 py-2 text-muted">{formatCount(left)} earlier checkpoints are in the file.</p>
      ) : null}
    </ScrollArea>
  );
}

function Place({ file, isRoot }: { file: string | null; isRoot: boolean }) {
  if (isRoot) return <span className="font-medium">Yes: all of its files</span>;
  if (file === null) return <span className="text-muted">Not by this digest</span>;
  return (
    <span>
      Yes: <Value value={file} limit={40} />
    </span>
  );
}
