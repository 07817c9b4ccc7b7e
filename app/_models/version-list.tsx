import { ChevronRight } from 'lucide-react';
import { formatCount, formatPlural } from '#lib/provenance/format.ts';
import { LOGGED } from '#lib/provenance/state.ts';
import type { ModelVersion } from '#lib/services/model/get.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { type Fact, Facts } from '../_ui/facts.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Time } from '../_ui/time.tsx';
import { Digest, Signer, Value } from '../_ui/value.tsx';
import { shortType } from './signings.ts';

/** Each version with its signatures, what is said about it, and its files; the newest stands open. */
export function VersionList({ versions }: { versions: readonly ModelVersion[] }) {
  return (
    <ul className="panel divide-y divide-line">
      {versions.map((version, i) => (
        <li key={version.id}>
          <details open={i === 0} className="group">
            <summary className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 hover:bg-sunken">
              <ChevronRight size={15} aria-hidden="true" className="-mr-2 shrink-0 text-muted group-open:rotate-90" />
              <Value value={version.root} limit={24} isShort className="font-medium" />
              {version.signings[0] ? <StateMark state={LOGGED[version.signings[0].logged]} /> : null}
              <span className="text-muted">{formatPlural(version.fileCount, 'file')}</span>
              {version.signings[0] ? (
                <span className="text-muted">
                  <Time at={version.signings[0].at} />
                </span>
              ) : null}
            </summary>
            <VersionBody version={version} />
          </details>
        </li>
      ))}
    </ul>
  );
}

function VersionBody({ version }: { version: ModelVersion }) {
  const facts: Fact[] = [
    ['OMS root', <Digest key="root" value={version.root} limit={64} copy="root" />],
    ['Signatures', <Bundles key="signings" bundles={version.signings} />],
    [
      'Statements about it',
      version.attestations.length === 0 ? (
        <span key="none" className="text-muted">
          none here
        </span>
      ) : (
        <Bundles key="attestations" bundles={version.attestations} withType />
      ),
    ],
    ['Hashing', `${version.hashType}, whole ${version.method}`],
    [
      'Left out by the signer',
      version.ignorePaths.length === 0 ? (
        <span key="nothing" className="text-muted">
          nothing
        </span>
      ) : (
        <span key="ignored" className="flex flex-col">
          {version.ignorePaths.slice(0, 20).map((path) => (
            <Value key={path} value={path} limit={72} />
          ))}
          <span className="text-muted">Files under these paths can change without the signature noticing.</span>
        </span>
      ),
    ],
  ];
  return (
    <div className="border-t border-line">
      <div className="p-4">
        <Facts facts={facts} />
      </div>
      <ScrollArea label={`Files of version ${version.root.slice(0, 12)}`}>
        <table className="table table-stack border-t border-line">
          <thead>
            <tr>
              <th scope="col">File</th>
              <th scope="col">Algorithm</th>
              <th scope="col">Digest</th>
            </tr>
          </thead>
          <tbody>
            {version.files.map(({ path, algorithm, digest }, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the signed order; old manifests may name a path twice
              <tr key={`${path} ${i}`}>
                <th scope="row" data-label="File">
                  <Value value={path} limit={72} />
                </th>
                <td data-label="Algorithm" className="mono">
                  {algorithm}
                </td>
                <td data-label="Digest">
                  <Digest value={digest} limit={40} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
      {version.fileCount > version.files.length ? (
        <p className="border-t border-line px-4 py-2 text-muted">
          The first {formatCount(version.files.length)} of {formatCount(version.fileCount)} files; the bundle lists them
          all.
        </p>
      ) : null}
    </div>
  );
}

function Bundles({ bundles, withType = false }: { bundles: ModelVersion['signings']; withType?: boolean }) {
  return (
    <ul className="flex flex-col gap-2">
      {bundles.map((bundle) => (
        <li key={bundle.bundleId} className="flex flex-col">
          {withType ? <Value value={shortType(bundle.predicateType)} limit={60} /> : null}
          <Signer san={bundle.san} issuer={bundle.issuer} />
          <span className="text-muted">
            {bundle.signedAt === null ? 'no proven time' : <Time at={bundle.signedAt} source={bundle.signedAtSource} />}
            {bundle.eventId === null ? null : (
              <>
                {' · '}
                <AppLink href={`/events/${bundle.eventId}`}>event</AppLink>
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
