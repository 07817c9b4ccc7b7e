import { formatPlural } from '#lib/provenance/format.ts';
import { OUTCOME } from '#lib/provenance/verification-words.ts';
import type { VerificationSummary } from '#lib/services/verification/list.ts';
import { versionUrl } from '../_server/object-urls.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Time } from '../_ui/time.tsx';
import { Value } from '../_ui/value.tsx';

/** Receipts, newest first. */
export function ReceiptsTable({ receipts }: { receipts: readonly VerificationSummary[] }) {
  return (
    <ScrollArea label="Receipts, newest first">
      <table className="table table-stack">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Outcome</th>
            <th scope="col">Version</th>
            <th scope="col">Files</th>
            <th scope="col">From</th>
          </tr>
        </thead>
        <tbody>
          {receipts.map((receipt) => (
            <tr key={receipt.id}>
              <th scope="row" data-label="When">
                <AppLink href={`/verifications/${receipt.id}`}>
                  <Time at={receipt.createdAt} />
                </AppLink>
              </th>
              <td data-label="Outcome">
                <span className="lines">
                  <StateMark state={OUTCOME[receipt.latest.outcome]} />
                  {receipt.latest.isExpected === false ? (
                    <span className="text-broken">Not what was expected</span>
                  ) : null}
                </span>
              </td>
              <td data-label="Version">
                {receipt.version === null ? (
                  <span className="text-muted">none that is known</span>
                ) : (
                  <AppLink href={versionUrl(receipt.version.modelSlug, receipt.version.versionId)}>
                    <Value value={nameOf(receipt.version)} limit={60} isText />
                  </AppLink>
                )}
              </td>
              <td data-label="Files">
                <span className="lines">
                  {formatPlural(receipt.fileCount, 'file')}
                  {receipt.name === null ? null : <Value value={receipt.name} limit={60} className="text-muted" />}
                </span>
              </td>
              <td data-label="From">
                <span className="lines">
                  <Value value={receipt.source} limit={60} isText />
                  {receipt.place === null ? null : (
                    <Value value={receipt.place} limit={60} isText className="text-muted" />
                  )}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function nameOf({ modelName, label }: NonNullable<VerificationSummary['version']>): string {
  return label === null ? modelName : `${modelName} ${label}`;
}
