import { ChevronRight } from 'lucide-react';
import { formatCount, formatPlural } from '#lib/provenance/format.ts';
import type { VersionDetail } from '#lib/services/model/get-version.ts';
import { type Fact, Facts } from '../_ui/facts.tsx';
import { MoreRows } from '../_ui/more-rows.tsx';
import { Panel } from '../_ui/panel.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { Time } from '../_ui/time.tsx';
import { Digest, Value } from '../_ui/value.tsx';

/** Rows until somebody asks for all of them. */
const ROWS = 40;
const PATHS = 50;

interface Props {
  readonly detail: VersionDetail;
  /** Where all files are; null where this is the place. */
  readonly allUrl: string | null;
}

/** What the signature covers, and what it does not. */
export function VersionFiles({ detail: { version, files, registration }, allUrl }: Props) {
  const rows = allUrl === null ? files : files.slice(0, ROWS);
  const isSharded = version.method === 'shards';
  const facts: Fact[] = [
    ['OMS root', <Digest key="root" value={version.root} limit={64} copy="root" />],
    ['Hashing', `${version.hashType}, ${isSharded ? 'in shards: each line is a part of a file' : 'whole files'}`],
    [
      'Left out by the signer',
      <Ignored key="ignored" paths={version.ignorePaths} isSigned={version.seenAs === 'signed'} />,
    ],
  ];
  if (registration) {
    facts.push([
      'Registered',
      <span key="registered">
        by <Value value={registration.source} limit={40} isText /> as{' '}
        <Value value={registration.label} limit={40} isText />, <Time at={registration.registeredAt} />: stated by its
        maker, which is no signature
      </span>,
    ]);
  }
  const what = isSharded ? 'shard' : 'file';
  return (
    <Panel title="Files" id="files" flush aside={formatPlural(version.fileCount, what)}>
      <div className="p-4">
        <Facts facts={facts} />
      </div>
      <details open className="group border-t border-line">
        <summary className="flex items-center gap-1 px-4 py-2 text-muted hover:bg-sunken">
          <ChevronRight size={14} aria-hidden="true" className="group-open:rotate-90" />
          {formatPlural(version.fileCount, what)} in the signed order
        </summary>
        <FileTable files={rows} />
        {allUrl === null ? null : <MoreRows shown={rows.length} total={files.length} what={`${what}s`} href={allUrl} />}
        {version.fileCount > files.length ? (
          <p className="border-t border-line px-4 py-2 text-muted">
            {formatCount(version.fileCount - files.length)} more of {formatCount(version.fileCount)} are not listed
            here; the bundle lists them all.
          </p>
        ) : null}
      </details>
    </Panel>
  );
}

function FileTable({ files }: Pick<VersionDetail, 'files'>) {
  return (
    <ScrollArea label="Files of this version" className="max-h-[36rem]">
      <table className="table table-stack border-t border-line">
        <thead className="md:sticky md:top-0 md:z-1">
          <tr>
            <th scope="col">File</th>
            <th scope="col">Algorithm</th>
            <th scope="col">Digest</th>
          </tr>
        </thead>
        <tbody>
          {files.map(({ path, algorithm, digest }, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the signed order; old manifests may name a path twice
            <tr key={i}>
              <th scope="row" data-label="File">
                <Value value={path} limit={72} />
              </th>
              <td data-label="Algorithm" className="mono">
                {algorithm}
              </td>
              <td data-label="Digest">
                <Value value={digest} limit={40} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function Ignored({ paths, isSigned }: { paths: readonly string[]; isSigned: boolean }) {
  if (paths.length === 0) return <span className="text-muted">{isSigned ? 'nothing' : 'nobody signed it'}</span>;
  return (
    <span className="flex flex-col">
      {paths.slice(0, PATHS).map((path, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a signer may name a path twice
        <Value key={i} value={path} limit={72} />
      ))}
      {paths.length > PATHS ? <span className="text-muted">and {formatCount(paths.length - PATHS)} more</span> : null}
      <span className="text-muted">Files under these paths can change without the signature noticing.</span>
    </span>
  );
}
