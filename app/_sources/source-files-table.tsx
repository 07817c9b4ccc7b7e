import { formatBytes } from '#lib/provenance/format.ts';
import type { State } from '#lib/provenance/state.ts';
import { showText } from '#lib/provenance/untrusted-text.ts';
import type { ListedDelivery } from '#lib/services/source/list-deliveries.ts';
import { shortType } from '../_models/signings.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Time } from '../_ui/time.tsx';
import { Value } from '../_ui/value.tsx';

const OUTCOME: Readonly<Record<ListedDelivery['outcome'], State>> = {
  accepted: { tone: 'proven', word: 'Accepted', meaning: 'The bundle verified against the trust root in force.' },
  refused: {
    tone: 'broken',
    word: 'Refused',
    meaning: 'The file is no bundle, or does not verify; the reason is given.',
  },
};

/** Files with what became of them, the refused first. */
export function SourceFilesTable({ files }: { files: readonly ListedDelivery[] }) {
  return (
    <ScrollArea label="What was brought">
      <table className="table table-stack">
        <thead>
          <tr>
            <th scope="col">Outcome</th>
            <th scope="col">File</th>
            <th scope="col">What it is, or why it was refused</th>
            <th scope="col" className="numeric">
              Size
            </th>
            <th scope="col">Looked at, our clock</th>
          </tr>
        </thead>
        <tbody>
          {files.map((file) => (
            <tr key={file.id}>
              <td data-label="Outcome">
                <StateMark state={OUTCOME[file.outcome]} />
              </td>
              <th scope="row" data-label="File">
                <span className="flex flex-col">
                  <Value value={file.path} limit={60} />
                  <span className="text-muted">{showText(file.source)}</span>
                </span>
              </th>
              <td data-label="What">
                <Content file={file} />
              </td>
              <td data-label="Size" className="numeric whitespace-nowrap">
                {formatBytes(file.size)}
              </td>
              <td data-label="Looked at">
                <Time at={file.checkedAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function Content({ file }: { file: ListedDelivery }) {
  if (file.outcome === 'refused') {
    return (
      <span className="flex max-w-[60ch] flex-col wrap-anywhere">
        <span className="mono">
          {file.reasonCode ?? 'refused'}
          {file.at === null ? '' : ` at ${showText(file.at)}`}
        </span>
        <span>{showText(file.reason ?? '')}</span>
      </span>
    );
  }
  return (
    <span className="flex flex-col">
      {file.model !== null && file.slug !== null ? (
        <AppLink href={`/models/${file.slug}`}>
          <Value value={file.model} limit={48} />
        </AppLink>
      ) : (
        <Value value={shortType(file.predicateType)} limit={48} />
      )}
      {file.eventId === null ? null : <AppLink href={`/events/${file.eventId}`}>event</AppLink>}
    </span>
  );
}
