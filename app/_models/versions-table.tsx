import { formatCount, formatIso, formatPlural, formatUtc } from '#lib/provenance/format.ts';
import { MODEL, type ModelState } from '#lib/provenance/model-state.ts';
import { LINK, NO_INPUTS } from '#lib/provenance/state.ts';
import type { UseNotice } from '#lib/provenance/use-notice.ts';
import type { ModelVersion } from '#lib/services/model/get.ts';
import { SignerLink } from '../_identities/signer-link.tsx';
import { NoticeMarks } from '../_incidents/notices.tsx';
import { diffUrl, versionUrl } from '../_server/object-urls.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { MoreRows } from '../_ui/more-rows.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Value } from '../_ui/value.tsx';

/** Rows until somebody asks for all of them. */
const ROWS = 15;

interface Props {
  readonly slug: string;
  readonly versions: readonly ModelVersion[];
  /** Versions that are not in the list. */
  readonly older: number;
  readonly chosen: string;
  /** By version, what stands against using it. */
  readonly notices: ReadonlyMap<string, readonly UseNotice[]>;
  /** Where every version has a row; null where this is the place. */
  readonly allUrl: string | null;
}

/** Versions of a model, the newest first and always the chosen one; each leads to itself and to what it changed. */
export function VersionsTable({ slug, versions, older, chosen, notices, allUrl }: Props) {
  const rows = versions
    .map((version, i) => ({ version, before: versions[i + 1] ?? null }))
    .filter(({ version }, i) => allUrl === null || i < ROWS || version.id === chosen);
  return (
    <>
      <Rows slug={slug} rows={rows} chosen={chosen} notices={notices} />
      {allUrl === null ? null : <MoreRows shown={rows.length} total={versions.length} what="versions" href={allUrl} />}
      {older > 0 ? (
        <p className="border-t border-line px-4 py-2 text-muted">
          {formatPlural(older, 'older version')} not listed: each keeps its address, and its signings stand in Events.
        </p>
      ) : null}
    </>
  );
}

interface RowsProps extends Pick<Props, 'slug' | 'chosen' | 'notices'> {
  readonly rows: readonly { readonly version: ModelVersion; readonly before: ModelVersion | null }[];
}

function Rows({ slug, rows, chosen, notices }: RowsProps) {
  return (
    <ScrollArea label="Versions, newest first" className="max-h-[36rem]">
      <table className="table table-stack">
        <thead className="md:sticky md:top-0 md:z-1">
          <tr>
            <th scope="col">Version</th>
            <th scope="col">State</th>
            <th scope="col">Weakest link</th>
            <th scope="col">Signed by</th>
            <th scope="col">When</th>
            <th scope="col" className="numeric">
              Files
            </th>
            <th scope="col" className="numeric">
              Statements
            </th>
            <th scope="col">Changes</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ version, before }) => (
            <Row
              key={version.id}
              slug={slug}
              version={version}
              before={before}
              isChosen={version.id === chosen}
              notices={notices.get(version.id)}
            />
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

interface RowProps {
  readonly slug: string;
  readonly version: ModelVersion;
  readonly before: ModelVersion | null;
  readonly isChosen: boolean;
  readonly notices: readonly UseNotice[] | undefined;
}

function Row({ slug, version, before, isChosen, notices }: RowProps) {
  const [newest] = version.signings;
  return (
    <tr {...(isChosen ? { className: 'bg-accent-tint' } : {})}>
      <th scope="row" data-label="Version">
        <span className="lines">
          <AppLink
            href={versionUrl(slug, version.id)}
            {...(isChosen ? { 'aria-current': 'true' } : {})}
            className="link w-fit font-medium"
          >
            <Value value={version.label ?? version.root} limit={24} isShort isText={version.label !== null} />
          </AppLink>
          {version.label === null ? null : <Value value={version.root} limit={16} isShort className="text-muted" />}
          {isChosen ? <span className="text-muted">shown above</span> : null}
        </span>
      </th>
      <td data-label="State">
        <span className="lines">
          <StateMark state={MODEL[stateOfVersion(version)]} />
          <NoticeMarks notices={notices} />
        </span>
      </td>
      <td data-label="Weakest">
        <StateMark state={version.weakest === null ? NO_INPUTS : LINK[version.weakest]} />
      </td>
      <td data-label="Signed by">
        {newest ? (
          <SignerLink san={newest.san} issuer={newest.issuer} limit={64} />
        ) : (
          <span className="text-muted">{version.registration ? 'nobody yet: registered by its maker' : 'nobody'}</span>
        )}
      </td>
      <td data-label="When">
        <span className="lines">
          <time dateTime={formatIso(version.at)} className="whitespace-nowrap">
            {formatUtc(version.at)}
          </time>
          {newest?.signedAt == null ? <span className="text-muted">first seen by us</span> : null}
        </span>
      </td>
      <td data-label="Files" className="numeric">
        {formatCount(version.fileCount)}
      </td>
      <td data-label="Statements" className="numeric">
        {formatCount(version.attestations.length)}
      </td>
      <td data-label="Changes">
        {before === null ? (
          <span className="text-muted">first</span>
        ) : (
          <AppLink href={diffUrl(slug, before.id, version.id)}>
            Compare<span className="sr-only"> with the version before</span>
          </AppLink>
        )}
      </td>
    </tr>
  );
}

/** The one word for a version: as lists have it of the newest (`modelState` in lib/services/model/signing.ts). */
export function stateOfVersion({
  signings: [newest],
  signature,
}: Pick<ModelVersion, 'signings' | 'signature'>): ModelState {
  if (!newest) return 'unsigned';
  return signature === 'unexpected' ? 'unexpected' : newest.logged;
}
