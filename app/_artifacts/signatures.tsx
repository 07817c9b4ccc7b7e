import type { ChainNode } from '#lib/provenance/chain.ts';
import { formatCount } from '#lib/provenance/format.ts';
import type { ArtifactSignature } from '#lib/provenance/own-signature.ts';
import { SignerLink } from '../_identities/signer-link.tsx';
import { Nothing } from '../_ui/panel.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { Time } from '../_ui/time.tsx';

const MOST = 100;

const METHODS: Readonly<Record<ArtifactSignature['method'], string>> = {
  sigstore: 'certificate of a public authority, logged',
  key: 'key trusted here, in no log',
  certificate: 'authority trusted here, in no log',
};

/** Who signed a thing itself, or nobody and what that means. */
export function Signatures({ node, signatures }: { node: ChainNode; signatures: readonly ArtifactSignature[] }) {
  if (signatures.length === 0) {
    return (
      <Nothing>
        {node.signature === 'unknown'
          ? 'It is only mentioned: nobody has shown the thing, or a signature of it.'
          : 'Nobody, as far as is known here. A signature that is brought later mends every chain that needs it.'}
      </Nothing>
    );
  }
  return (
    <ScrollArea label="Signatures of it">
      <table className="table table-stack">
        <thead>
          <tr>
            <th scope="col">Signed by</th>
            <th scope="col">When</th>
            <th scope="col">By what</th>
          </tr>
        </thead>
        <tbody>
          {signatures.slice(0, MOST).map(({ bundleId, san, issuer, signedAt, method }) => (
            <tr key={bundleId}>
              <th scope="row" data-label="Signed by">
                <SignerLink san={san} issuer={issuer} />
              </th>
              <td data-label="When">{signedAt === null ? 'nothing shows when' : <Time at={signedAt} />}</td>
              <td data-label="By what">{METHODS[method]}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {signatures.length > MOST ? (
        <p className="px-4 py-2 text-muted">
          The first {MOST} of {formatCount(signatures.length)}.
        </p>
      ) : null}
    </ScrollArea>
  );
}
