import { formatCount } from '#lib/provenance/format.ts';
import type { FileChange, ListedFile } from '#lib/provenance/version-diff.ts';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { Value } from '../_ui/value.tsx';
import { ChangeMark } from './change-mark.tsx';

const MOST = 2000;

/** Files that differ between two versions, by path. */
export function FileChanges({ changes }: { changes: readonly FileChange[] }) {
  return (
    <ScrollArea label="Files that differ" className="max-h-[40rem]">
      <table className="table table-stack">
        <thead className="md:sticky md:top-0 md:z-1">
          <tr>
            <th scope="col">File</th>
            <th scope="col">Change</th>
            <th scope="col">From</th>
            <th scope="col">To</th>
          </tr>
        </thead>
        <tbody>
          {changes.slice(0, MOST).map((change) => (
            <Row key={`${change.kind} ${change.file.path}`} change={change} />
          ))}
        </tbody>
      </table>
      {changes.length > MOST ? (
        <p className="px-4 py-2 text-muted">
          The first {formatCount(MOST)} of {formatCount(changes.length)} changes.
        </p>
      ) : null}
    </ScrollArea>
  );
}

function Row({ change }: { change: FileChange }) {
  const { kind, file } = change;
  const before = previousOf(change);
  const after = kind === 'removed' ? null : file;
  return (
    <tr>
      <th scope="row" data-label="File">
        <span className="flex flex-col">
          <Value value={file.path} limit={72} />
          {kind === 'renamed' && before ? (
            <span className="text-muted">
              was <Value value={before.path} limit={72} />
            </span>
          ) : null}
        </span>
      </th>
      <td data-label="Change">
        <ChangeMark kind={kind} />
      </td>
      <td data-label="From">
        <FileDigest file={before} />
      </td>
      <td data-label="To">
        <FileDigest file={after} />
      </td>
    </tr>
  );
}

function previousOf(change: FileChange): ListedFile | null {
  if ('before' in change) return change.before;
  return change.kind === 'removed' ? change.file : null;
}

function FileDigest({ file }: { file: ListedFile | null }) {
  if (!file) return <span className="text-muted">not there</span>;
  return <Value value={`${file.algorithm}:${file.digest}`} limit={32} />;
}
