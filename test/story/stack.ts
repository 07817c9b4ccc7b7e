/** The running Sigstore stack that the story is recorded from: its addresses, the files beside endpoints.json, its logs. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

export type LogName = 'rekor2' | 'rekor2b';

export interface TokenRequest {
  readonly path: '/token' | '/actions/token' | '/gitlab/token';
  readonly query: Readonly<Record<string, string>>;
}

const endpointsSchema = z.object({
  oidc: z.string(),
  fulcio: z.string(),
  tsa: z.string(),
  rekor2: z.string(),
  rekor2b: z.string(),
});

const certificateSchema = z.object({
  signedCertificateEmbeddedSct: z.object({ chain: z.object({ certificates: z.array(z.string()).min(1) }) }),
});

export class Stack {
  readonly endpoints: z.infer<typeof endpointsSchema>;
  readonly #directory: string;

  constructor(endpointsPath: string) {
    this.#directory = dirname(endpointsPath);
    this.endpoints = endpointsSchema.parse(JSON.parse(readFileSync(endpointsPath, 'utf8')));
  }

  /** Path of a file that the stack keeps beside endpoints.json, such as `trusted_root.json` or `keys/rekor2.pem`. */
  path(name: string): string {
    return join(this.#directory, name);
  }

  /** An OpenID Connect token as the stack's issuer mints it for anyone who asks. */
  async token(request: TokenRequest): Promise<string> {
    const query = new URLSearchParams({ ...request.query, raw: '1' });
    return (await succeed(await fetch(`${this.endpoints.oidc}${request.path}?${query}`))).toString();
  }

  /** A certificate from Fulcio for a key pair; `proof` is the signature over the token's subject. PEM, leaf only. */
  async certificate(token: string, algorithm: string, publicKeyPem: string, proof: Buffer): Promise<string> {
    const response = await postJson(`${this.endpoints.fulcio}/api/v2/signingCert`, {
      credentials: { oidcIdentityToken: token },
      publicKeyRequest: {
        publicKey: { algorithm, content: publicKeyPem },
        proofOfPossession: proof.toString('base64'),
      },
    });
    const [leaf] = certificateSchema.parse(JSON.parse(response.toString())).signedCertificateEmbeddedSct.chain
      .certificates;
    if (leaf === undefined) throw new Error('Fulcio answered without a certificate');
    return leaf;
  }

  /** Writes one entry; the log answers once a checkpoint holds it. The answer is a TransparencyLogEntry as JSON. */
  async write(log: LogName, request: object): Promise<unknown> {
    return JSON.parse((await postJson(`${this.endpoints[log]}/api/v2/log/entries`, request)).toString());
  }

  /** `checkpoint` or a tile of a log, as C2SP tlog-tiles names it. */
  async read(log: LogName, resource: string): Promise<Buffer> {
    return succeed(await fetch(`${this.endpoints[log]}/${resource}`));
  }

  /** Waits until the log has signed a checkpoint of exactly `size` entries, and gives its note. */
  async checkpoint(log: LogName, size: number): Promise<string> {
    for (let attempt = 0; attempt < 200; attempt += 1) {
      const note = (await this.read(log, 'checkpoint')).toString();
      const current = Number(note.split('\n')[1]);
      if (current === size) return note;
      if (current > size)
        throw new Error(`${log} has ${current} entries, ${size} were expected: does someone else write?`);
      await sleep(100);
    }
    throw new Error(`${log} does not sign a checkpoint of ${size} entries`);
  }
}

async function postJson(url: string, body: object): Promise<Buffer> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  return succeed(await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) }));
}

async function succeed(response: Response): Promise<Buffer> {
  const body = Buffer.from(await response.arrayBuffer());
  if (response.ok) return body;
  throw new Error(`${response.url} answered ${response.status}: ${body.toString('utf8', 0, 300)}`);
}
