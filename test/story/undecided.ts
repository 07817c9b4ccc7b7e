/** Entries that no monitor of today can decide; both name a watched identity, one in plain text, one inside a certificate. */
import { createHash, randomBytes } from 'node:crypto';
import type { Clients } from './clients.ts';
import type { Signer } from './signers.ts';

export interface Undecided {
  readonly id: string;
  readonly what: string;
  readonly kind: string;
  readonly entry: Buffer;
  readonly signer: Signer;
}

/** @param bot named in plain text; @param deploy named by a certificate that Fulcio issues for the purpose */
export async function undecidedEntries(clients: Clients, bot: Signer, deploy: Signer): Promise<Undecided[]> {
  const data = randomBytes(64);
  const { signature, certificate } = await clients.signOnly(data, deploy);
  const digest = createHash('sha256').update(data).digest('base64');
  return [
    {
      id: 'unknown-kind',
      what: 'An entry of the unknown kind identitytransparency that names the release bot',
      kind: 'identitytransparency 0.0.1',
      signer: bot,
      entry: canonical({
        apiVersion: '0.0.1',
        kind: 'identitytransparency',
        spec: { identityTransparencyV001: { change: 'key-added', identity: bot.san, issuer: bot.issuer } },
      }),
    },
    {
      id: 'unknown-version',
      what: 'A hashedrekord of the unknown version 0.0.3 under a certificate of the deployment workflow',
      kind: 'hashedrekord 0.0.3',
      signer: deploy,
      entry: canonical({
        apiVersion: '0.0.3',
        kind: 'hashedrekord',
        spec: {
          hashedRekordV003: {
            artifact: { algorithm: 'SHA2_256', digest },
            proof: { certificate: certificate.toString('base64'), signature: signature.toString('base64') },
          },
        },
      }),
    },
  ];
}

/** Keys are written above in the order that RFC 8785 asks for; nothing here needs more of it. */
function canonical(entry: object): Buffer {
  return Buffer.from(JSON.stringify(entry));
}
