import { formatCount } from '#lib/provenance/format.ts';
import { SIGNATURE } from '#lib/provenance/state.ts';
import type { AnswerVersion } from '#lib/provenance/verification.ts';
import { diffUrl } from '../_server/object-urls.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Value } from '../_ui/value.tsx';
import { VersionLink } from './answer-facts.tsx';

/** Other versions that the files are or come close to; those of the same model can be held against it. */
export function OtherVersions({
  others,
  version,
}: {
  others: readonly AnswerVersion[];
  version: AnswerVersion | null;
}) {
  return (
    <ScrollArea label="Other versions" className="max-h-[28rem]">
      <table className="table table-stack">
        <thead>
          <tr>
            <th scope="col">Version</th>
            <th scope="col">Root</th>
            <th scope="col">Files the same</th>
            <th scope="col">Signature</th>
          </tr>
        </thead>
        <tbody>
          {others.map((other) => (
            <tr key={other.versionId}>
              <th scope="row" data-label="Version">
                <span className="lines">
                  <VersionLink version={other} />
                  {version?.modelSlug === other.modelSlug ? (
                    <AppLink href={diffUrl(other.modelSlug, other.versionId, version.versionId)} className="link w-fit">
                      What changed between the two
                    </AppLink>
                  ) : null}
                </span>
              </th>
              <td data-label="Root">
                <Value value={other.root} limit={22} />
              </td>
              <td data-label="Files the same">
                {formatCount(other.matching)} of {formatCount(other.fileCount)}
              </td>
              <td data-label="Signature">
                <StateMark state={SIGNATURE[other.signature]} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
