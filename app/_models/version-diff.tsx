import { formatPlural } from '#lib/provenance/format.ts';
import type { LabelledDiff } from '#lib/provenance/version-diff.ts';
import type { VersionDiff as Diff, VersionSide } from '#lib/services/model/diff-versions.ts';
import { SignerLink } from '../_identities/signer-link.tsx';
import { versionUrl } from '../_server/object-urls.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { Nothing, Panel } from '../_ui/panel.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { Time } from '../_ui/time.tsx';
import { Value } from '../_ui/value.tsx';
import { ChangeMark } from './change-mark.tsx';
import { FileChanges } from './file-changes.tsx';
import { InputChanges } from './input-changes.tsx';

/** Two versions side by side: who signed, files, inputs, environment and parameters. */
export function VersionDiff({ diff }: { diff: Diff }) {
  const { from, to, files, inputs, environment, parameters } = diff;
  const changed = inputs.filter(({ kind }) => kind !== 'same').length;
  return (
    <div className="flex flex-col gap-8">
      <Panel title="The two versions" flush>
        <Sides diff={diff} />
      </Panel>
      <Panel
        title="Files"
        id="files"
        flush
        aside={`${formatPlural(files.changes.length, 'change')}, ${files.unchanged} the same`}
      >
        {from.method !== to.method || from.hashType !== to.hashType ? (
          <p className="border-b border-line px-4 py-2">
            The two were hashed in different ways ({from.hashType} of {from.method}, {to.hashType} of {to.method}), so
            equal files look changed.
          </p>
        ) : null}
        {files.changes.length === 0 ? (
          <Nothing>The same files with the same contents.</Nothing>
        ) : (
          <FileChanges changes={files.changes} />
        )}
      </Panel>
      <Panel
        title="Inputs"
        id="inputs"
        flush
        aside={`${formatPlural(changed, 'change')}, ${inputs.length - changed} the same`}
      >
        {inputs.length === 0 ? (
          <Nothing>Neither version’s inputs are stated.</Nothing>
        ) : (
          <InputChanges changes={inputs} />
        )}
      </Panel>
      <Labelled title="Environment" rows={environment} />
      <Labelled title="Parameters" rows={parameters} />
    </div>
  );
}

function Sides({ diff: { model, from, to, signer } }: { diff: Diff }) {
  return (
    <ScrollArea label="The two versions">
      <table className="table table-stack">
        <thead>
          <tr>
            <th scope="col">Side</th>
            <th scope="col">Version</th>
            <th scope="col">Signed by</th>
            <th scope="col">When</th>
            <th scope="col">Left out by the signer</th>
          </tr>
        </thead>
        <tbody>
          {(
            [
              ['From', from],
              ['To', to],
            ] as const
          ).map(([name, side]) => (
            <tr key={name}>
              <th scope="row" data-label="Side">
                {name}
              </th>
              <td data-label="Version">
                <span className="flex flex-col">
                  <AppLink href={versionUrl(model.slug, side.id)}>
                    <Value value={side.label ?? side.root} limit={24} isShort />
                  </AppLink>
                  {side.label === null ? null : <Value value={side.root} limit={16} isShort className="text-muted" />}
                </span>
              </td>
              <td data-label="Signed by">
                <SideSigner side={side} />
                {name === 'To' && signer !== null ? (
                  <ChangeMark kind={signer === 'same' ? 'same' : 'changed'} what="signer" />
                ) : null}
              </td>
              <td data-label="When">
                <SideTime side={side} />
              </td>
              <td data-label="Left out">
                {side.ignorePaths.length === 0 ? (
                  <span className="text-muted">nothing</span>
                ) : (
                  <Value value={side.ignorePaths.join(', ')} limit={160} />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function SideSigner({
  side: {
    signings: [newest],
  },
}: {
  side: VersionSide;
}) {
  if (!newest) return <span className="text-muted">nobody</span>;
  return <SignerLink san={newest.san} issuer={newest.issuer} />;
}

function SideTime({
  side: {
    signings: [newest],
    firstSeenAt,
  },
}: {
  side: VersionSide;
}) {
  if (newest?.signedAt != null) return <Time at={newest.signedAt} source={newest.signedAtSource} stacked />;
  return <Time at={firstSeenAt} source="first-seen" stacked />;
}

function Labelled({ title, rows }: { title: string; rows: readonly LabelledDiff[] }) {
  const changed = rows.filter(({ before, after }) => before !== after).length;
  return (
    <Panel
      title={title}
      id={title.toLowerCase()}
      flush
      aside={`${formatPlural(changed, 'change')}, ${rows.length - changed} the same`}
    >
      {rows.length === 0 ? (
        <Nothing>No statement about either version says anything of it.</Nothing>
      ) : (
        <ScrollArea label={`${title} of the two versions`} className="max-h-[36rem]">
          <table className="table table-stack">
            <thead className="md:sticky md:top-0 md:z-1">
              <tr>
                <th scope="col">What</th>
                <th scope="col">Change</th>
                <th scope="col">From</th>
                <th scope="col">To</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <LabelledRow key={row.label} row={row} />
              ))}
            </tbody>
          </table>
        </ScrollArea>
      )}
    </Panel>
  );
}

function LabelledRow({ row: { label, before, after } }: { row: LabelledDiff }) {
  const kind = before === after ? 'same' : before === null ? 'added' : after === null ? 'removed' : 'changed';
  return (
    <tr>
      <th scope="row" data-label="What">
        <Value value={label} limit={60} />
      </th>
      <td data-label="Change">
        <ChangeMark kind={kind} />
      </td>
      {(
        [
          ['From', before],
          ['To', after],
        ] as const
      ).map(([name, value]) => (
        <td key={name} data-label={name}>
          {value === null ? <span className="text-muted">not stated</span> : <Value value={value} limit={160} />}
        </td>
      ))}
    </tr>
  );
}
