import { formatPlural } from '#lib/provenance/format.ts';
import type { ArtifactDetails } from '#lib/services/graph/get-artifact.ts';
import { SignerLink } from '../_identities/signer-link.tsx';
import { statementWords } from '../_models/signings.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { Panel } from '../_ui/panel.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { Time } from '../_ui/time.tsx';
import { Value } from '../_ui/value.tsx';

type Props = Pick<ArtifactDetails, 'attestations' | 'declarations'>;

/** Signed statements about a thing, and unsigned files beside it: told apart, always. */
export function StatementsAbout({ attestations, declarations }: Props) {
  if (attestations.length + declarations.length === 0) return null;
  return (
    <Panel
      title="Statements about it"
      id="statements"
      flush
      aside={`${formatPlural(attestations.length, 'signed statement')}, ${formatPlural(declarations.length, 'unsigned file')}`}
    >
      <ScrollArea label="Table of statements" className="max-h-[30rem]">
        <table className="table table-stack">
          <thead className="md:sticky md:top-0 md:z-1">
            <tr>
              <th scope="col">Statement</th>
              <th scope="col">By</th>
              <th scope="col">When</th>
            </tr>
          </thead>
          <tbody>
            {attestations.map((attestation) => (
              <tr key={attestation.bundleId}>
                <th scope="row" data-label="Statement">
                  {attestation.eventId === null ? (
                    <Value value={statementWords(attestation)} limit={60} isText />
                  ) : (
                    <AppLink href={`/events/${attestation.eventId}`}>
                      <Value value={statementWords(attestation)} limit={60} isText />
                    </AppLink>
                  )}
                </th>
                <td data-label="By">
                  <SignerLink san={attestation.san} issuer={attestation.issuer} />
                </td>
                <td data-label="When">
                  {attestation.signedAt === null ? 'nothing shows when' : <Time at={attestation.signedAt} />}
                </td>
              </tr>
            ))}
            {declarations.map(({ id, source, path, kind, firstSeenAt }) => (
              <tr key={id}>
                <th scope="row" data-label="Statement">
                  <Value value={kind} limit={40} isText />, unsigned: <Value value={path} limit={72} />
                </th>
                <td data-label="By">
                  nobody; from the source <Value value={source} limit={40} isText />
                </td>
                <td data-label="When">
                  <Time at={firstSeenAt} source="first-seen" />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
    </Panel>
  );
}
