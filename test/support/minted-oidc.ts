import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';

export const CLIENT = 'modeltrail';

/** What a provider does otherwise than it should. */
export interface Misdeed {
  /** Over the claims of the ID token. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly algorithm?: 'RS256' | 'none';
  /** Signs with a key that the provider does not publish. */
  readonly foreignKey?: boolean;
  readonly withoutIdToken?: boolean;
  /** The `iss` of the answer that the browser brings. */
  readonly iss?: string;
}

interface Issued {
  readonly challenge: string;
  readonly nonce: string;
  readonly redirectUri: string;
}

/** An identity provider on loopback that issues what a test wants it to: good tokens, or any kind of bad ones. */
export class MintedProvider {
  readonly #server: Server;
  readonly #keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  readonly #foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });
  readonly #codes = new Map<string, Issued>();
  readonly issuer: string;
  misdeed: Misdeed = {};
  claims: Readonly<Record<string, unknown>> = { sub: '7', name: 'Ida' };

  private constructor(server: Server, issuer: string) {
    this.#server = server;
    this.issuer = issuer;
  }

  static async open(): Promise<MintedProvider> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('there is no port');
    const provider = new MintedProvider(server, `http://127.0.0.1:${address.port}`);
    server.on('request', (request, response) => {
      provider.#answer(request).then(
        ([status, body]) =>
          response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body)),
        () => response.writeHead(500).end(),
      );
    });
    return provider;
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** Somebody signs in at the provider. @returns the query with which it sends the browser back. */
  authorise(url: string): string {
    const asked = new URL(url).searchParams;
    const code = randomBytes(16).toString('hex');
    const get = (name: string) => asked.get(name) ?? '';
    this.#codes.set(code, { challenge: get('code_challenge'), nonce: get('nonce'), redirectUri: get('redirect_uri') });
    return `?${new URLSearchParams({ code, state: get('state'), iss: this.misdeed.iss ?? this.issuer })}`;
  }

  async #answer(request: IncomingMessage): Promise<[number, object]> {
    const { issuer } = this;
    switch (request.url) {
      case '/.well-known/openid-configuration':
        return [
          200,
          {
            issuer,
            authorization_endpoint: `${issuer}/authorise`,
            token_endpoint: `${issuer}/token`,
            jwks_uri: `${issuer}/keys`,
            response_types_supported: ['code'],
            subject_types_supported: ['public'],
            id_token_signing_alg_values_supported: ['RS256'],
            authorization_response_iss_parameter_supported: true,
          },
        ];
      case '/keys':
        return [
          200,
          { keys: [{ ...this.#keys.publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'RS256', use: 'sig' }] },
        ];
      case '/token':
        return this.#token(new URLSearchParams(await textOf(request)));
      default:
        return [404, {}];
    }
  }

  #token(form: URLSearchParams): [number, object] {
    const code = form.get('code') ?? '';
    const issued = this.#codes.get(code);
    this.#codes.delete(code);
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (!issued || issued.challenge !== challenge || issued.redirectUri !== form.get('redirect_uri')) {
      return [400, { error: 'invalid_grant' }];
    }
    const { withoutIdToken } = this.misdeed;
    const token = { access_token: 'unused', token_type: 'Bearer', expires_in: 60 };
    return [200, withoutIdToken ? token : { ...token, id_token: this.#idToken(issued.nonce) }];
  }

  #idToken(nonce: string): string {
    const now = Math.floor(Date.now() / 1000);
    const { claims, algorithm = 'RS256', foreignKey } = this.misdeed;
    const payload = { iss: this.issuer, aud: CLIENT, iat: now, exp: now + 300, nonce, ...this.claims, ...claims };
    const body = [{ alg: algorithm, kid: 'k' }, payload].map((part) =>
      Buffer.from(JSON.stringify(part)).toString('base64url'),
    );
    const key: KeyObject = foreignKey ? this.#foreign.privateKey : this.#keys.privateKey;
    const signature =
      algorithm === 'none' ? '' : sign('sha256', Buffer.from(body.join('.')), key).toString('base64url');
    return [...body, signature].join('.');
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}
