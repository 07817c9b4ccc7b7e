/** Entries by many identities that no rule of the story watches, some of them named almost like watched ones. */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { dsse } from '@sigstore/core';
import { pemToDer } from './der.ts';
import type { LogName, Stack, TokenRequest } from './stack.ts';

const IDENTITIES_A_BATCH = 12;
const CONCURRENCY = 256;
const ROLES = ['release', 'nightly', 'mlops', 'signing', 'ci', 'data', 'publish', 'infra'];
const ALMOST: readonly TokenRequest[] = [
  email('release-bot@models.example.org'),
  email('xrelease-bot@models.example'),
  email('adapters@models.example.evil.example'),
  email('releases@vision-lab.example.net'),
  github('deploy-example-mirror/northwind-assistant', 'refs/tags/v2.0.0'),
  github('foundation-models-example/northwind', 'refs/heads/main'),
  github('foundation-models-example/northwind-docs', 'refs/tags/v1.1.0'),
  gitlab('vision-lab-example/northwind-vision-demo'),
];

/** `dsse002` is for logs that still take dsse 0.0.2 entries. */
export type NoiseKind = 'artifact' | 'statement' | 'dsse002';

const ALGORITHMS = {
  p256: { hash: 'sha256', details: 'PKIX_ECDSA_P256_SHA_256', fulcio: 'ECDSA' },
  p384: { hash: 'sha384', details: 'PKIX_ECDSA_P384_SHA_384', fulcio: 'ECDSA' },
  rsa: { hash: 'sha256', details: 'PKIX_RSA_PKCS1V15_2048_SHA256', fulcio: 'RSA_PSS' },
} as const;

interface NoiseKey {
  readonly algorithm: (typeof ALGORITHMS)[keyof typeof ALGORITHMS];
  readonly privateKey: KeyObject;
  readonly verifier: object;
}

export class Noise {
  readonly #stack: Stack;
  #minted = 0;

  constructor(stack: Stack) {
    this.#stack = stack;
  }

  /** How many different identities were used so far. */
  get identities(): number {
    return this.#minted;
  }

  /** Writes `count` entries of the given kinds in turn, by identities that appear nowhere else. */
  async write(log: LogName, count: number, kinds: readonly NoiseKind[]): Promise<void> {
    const keys: NoiseKey[] = [];
    for (let i = 0; i < Math.min(IDENTITIES_A_BATCH, count); i += 1) keys.push(await this.#mint());
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < count) {
        const i = next;
        next += 1;
        const key = keys[i % keys.length];
        const kind = kinds[i % kinds.length];
        if (key === undefined || kind === undefined) throw new Error('noise needs keys and kinds');
        await this.#stack.write(log, request(kind, key, i));
      }
    };
    await Promise.all(Array.from({ length: Math.min(CONCURRENCY, count) }, worker));
  }

  async #mint(): Promise<NoiseKey> {
    const n = this.#minted;
    this.#minted += 1;
    const kind = n % 11 === 5 ? 'rsa' : n % 11 === 9 ? 'p384' : 'p256';
    const algorithm = ALGORITHMS[kind];
    const { privateKey, publicKey } =
      kind === 'rsa'
        ? generateKeyPairSync('rsa', { modulusLength: 2048 })
        : generateKeyPairSync('ec', { namedCurve: kind === 'p384' ? 'P-384' : 'P-256' });
    if (n % 10 === 7) {
      const rawBytes = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
      return { algorithm, privateKey, verifier: { publicKey: { rawBytes } } };
    }
    const token = await this.#stack.token(ALMOST[n / 3] ?? stranger(n));
    const proof = sign(algorithm.hash, Buffer.from(subjectOf(token)), privateKey);
    const spki = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const leaf = await this.#stack.certificate(token, algorithm.fulcio, spki, proof);
    return { algorithm, privateKey, verifier: { x509Certificate: { rawBytes: pemToDer(leaf).toString('base64') } } };
  }
}

/** The nth identity that is not named like anyone watched. */
function stranger(n: number): TokenRequest {
  const team = `team-${String(n).padStart(3, '0')}`;
  if (n % 5 === 3) return github(`${team}-example/models`, n % 2 === 0 ? 'refs/heads/main' : `refs/tags/v1.${n}.0`);
  if (n % 5 === 4) return gitlab(`${team}-example/models`);
  return email(`${ROLES[n % ROLES.length]}@${team}.example`);
}

function request(kind: NoiseKind, key: NoiseKey, i: number): object {
  const { algorithm, privateKey } = key;
  const verifier = { ...key.verifier, keyDetails: algorithm.details };
  const type = 'application/vnd.in-toto+json';
  const payload = Buffer.from(JSON.stringify(statement(i)));
  if (kind === 'dsse002') {
    const sig = sign(algorithm.hash, dsse.preAuthEncoding(type, payload), privateKey).toString('base64');
    const envelope = { payload: payload.toString('base64'), payloadType: type, signatures: [{ sig }] };
    return { dsseRequestV002: { envelope, verifiers: [verifier] } };
  }
  const data = kind === 'artifact' ? randomBytes(64) : dsse.preAuthEncoding(type, payload);
  return {
    hashedRekordRequestV002: {
      digest: createHash(algorithm.hash).update(data).digest('base64'),
      signature: { content: sign(algorithm.hash, data, privateKey).toString('base64'), verifier },
    },
  };
}

function statement(i: number): object {
  const digest = { sha256: randomBytes(32).toString('hex') };
  const predicateType = i % 2 === 0 ? 'https://slsa.dev/provenance/v1' : 'https://model_signing/signature/v1.0';
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: `artifact-${i}`, digest }],
    predicateType,
    predicate: {},
  };
}

/** What Fulcio wants signed as the proof of possession: the e-mail address, else the subject. */
function subjectOf(token: string): string {
  const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  const { email: address, sub } = claims as { email?: string; sub: string };
  return address ?? sub;
}

function email(address: string): TokenRequest {
  return { path: '/token', query: { email: address } };
}

function github(repository: string, ref: string): TokenRequest {
  return { path: '/actions/token', query: { repository, ref } };
}

function gitlab(project: string): TokenRequest {
  return { path: '/gitlab/token', query: { project_path: project } };
}
