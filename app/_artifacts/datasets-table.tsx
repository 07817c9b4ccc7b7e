import { formatCount } from '#lib/provenance/format.ts';
import { SIGNATURE } from '#lib/provenance/state.ts';
import type { ArtifactPage } from '#lib/services/graph/list-artifacts.ts';
import { nodeName } from '../_chain/node-name.ts';
import { SignerLink } from '../_identities/signer-link.tsx';
import { artifactUrl } from '../_server/object-urls.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Value } from '../_ui/value.tsx';

/** Data sets one a row: who signed each, and how many things are made with it. */
export function DatasetsTable({ artifacts }: { artifacts: ArtifactPage['artifacts'] }) {
  return (
    <ScrollArea label="Data sets">
      <table className="table table-stack">
        <thead>
          <tr>
            <th scope="col">Data set</th>
            <th scope="col">Known by</th>
            <th scope="col">Signature</th>
            <th scope="col">Signed by</th>
            <th scope="col" className="numeric">
              Used by
            </th>
          </tr>
        </thead>
        <tbody>
          {artifacts.map((artifact) => (
            <tr key={artifact.id}>
              <th scope="row" data-label="Data set">
                <AppLink href={artifactUrl(artifact)} className="link font-medium">
                  <Value value={nodeName(artifact)} limit={56} />
                </AppLink>
              </th>
              <td data-label="Known by">
                <Value value={`${artifact.scheme}:${artifact.value}`} limit={36} />
              </td>
              <td data-label="Signature">
                <StateMark state={SIGNATURE[artifact.signature]} />
              </td>
              <td data-label="Signed by">
                {artifact.signer ? (
                  <SignerLink san={artifact.signer.san} issuer={artifact.signer.issuer} limit={72} />
                ) : (
                  <span className="text-muted">nobody known</span>
                )}
              </td>
              <td data-label="Used by" className="numeric">
                {formatCount(artifact.uses)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
