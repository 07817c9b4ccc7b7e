/** The real clients that sign the story: Python's model_signing, cosign and sigstore-js. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { type BundleWithDsseEnvelope, bundleToJSON } from '@sigstore/bundle';
import { dsse } from '@sigstore/core';
import { TransparencyLogEntry } from '@sigstore/protobuf-specs';
import { DSSEBundleBuilder, FulcioSigner, RekorWitness, TSAWitness, type Witness } from '@sigstore/sign';
import { pemToDer } from './der.ts';
import type { Signer } from './signers.ts';
import type { Stack } from './stack.ts';

const STATEMENT_TYPE = 'application/vnd.in-toto+json';

export interface ClientPaths {
  readonly cosign: string;
  readonly modelSigning: string;
  /** Where cosign keeps what it caches. */
  readonly scratch: string;
}

export class Clients {
  readonly #stack: Stack;
  readonly #paths: ClientPaths;

  constructor(stack: Stack, paths: ClientPaths) {
    this.#stack = stack;
    this.#paths = paths;
  }

  /** Signs a model folder with `model_signing sign sigstore`, into Rekor v2; the bundle goes to `signature`. */
  async modelSigning(folder: string, signer: Signer, signature: string): Promise<void> {
    const token = await this.#stack.token(signer.token);
    const trust = ['--trust_config', this.#stack.path('trust_config.v2.json')];
    const options = [...trust, '--identity_token', token, '--signature', signature];
    await run(this.#paths.modelSigning, ['sign', 'sigstore', ...options, folder]);
  }

  /** Signs a model folder with a bare private key, in no log, and has the same client verify it. */
  async modelSigningKey(folder: string, privateKey: string, publicKey: string, signature: string): Promise<void> {
    const options = ['--signature', signature];
    await run(this.#paths.modelSigning, ['sign', 'key', ...options, '--private_key', privateKey, folder]);
    await run(this.#paths.modelSigning, ['verify', 'key', ...options, '--public_key', publicKey, folder]);
  }

  /** The same with the certificate of an authority that is not Sigstore's. All are paths of PEM files. */
  async modelSigningCertificate(
    folder: string,
    { privateKey, certificate, authority }: Record<'privateKey' | 'certificate' | 'authority', string>,
    signature: string,
  ): Promise<void> {
    const [options, chain] = [
      ['--signature', signature],
      ['--certificate_chain', authority],
    ];
    const signer = ['--private_key', privateKey, '--signing_certificate', certificate, ...chain];
    await run(this.#paths.modelSigning, ['sign', 'certificate', ...options, ...signer, folder]);
    await run(this.#paths.modelSigning, ['verify', 'certificate', ...options, ...chain, folder]);
  }

  /** Verifies an OMS bundle, whoever made it, with `model_signing verify sigstore`. Throws when that fails. */
  async verifyModel(folder: string, signer: Signer, signature: string): Promise<void> {
    const trust = ['--trust_config', this.#stack.path('trust_config.json')];
    const identity = ['--identity', signer.san, '--identity_provider', signer.issuer];
    await run(this.#paths.modelSigning, [
      'verify',
      'sigstore',
      ...trust,
      '--signature',
      signature,
      ...identity,
      folder,
    ]);
  }

  /** Signs a file with `cosign sign-blob` into Rekor v2 and verifies it with `cosign verify-blob`. */
  async cosignBlob(file: string, signer: Signer, bundle: string): Promise<void> {
    const token = await this.#stack.token(signer.token);
    const trust = ['--trusted-root', this.#stack.path('trusted_root.json')];
    const signing = ['--signing-config', this.#stack.path('signing_config.v2.json'), '--identity-token', token];
    const identity = ['--certificate-identity', signer.san, '--certificate-oidc-issuer', signer.issuer];
    const env = { ...process.env, TUF_ROOT: this.#paths.scratch, COSIGN_YES: 'true', SIGSTORE_NO_CACHE: '1' };
    await run(this.#paths.cosign, ['sign-blob', '--yes', '--bundle', bundle, ...trust, ...signing, file], env);
    await run(this.#paths.cosign, ['verify-blob', '--bundle', bundle, ...trust, ...identity, file], env);
  }

  /** Signs a statement with sigstore-js into the current log, as a hashedrekord over its pre-authentication encoding. */
  async sigstoreJs(statement: Buffer, signer: Signer): Promise<unknown> {
    return this.#dsse(statement, signer, new PreAuthenticationWitness(this.#stack));
  }

  /** The same into the older shard, which still takes dsse 0.0.2 entries. */
  async sigstoreJsDsse(statement: Buffer, signer: Signer): Promise<unknown> {
    const rekorBaseURL = this.#stack.endpoints.rekor2b;
    return this.#dsse(statement, signer, new RekorWitness({ rekorBaseURL, majorApiVersion: 2, timeout: 20_000 }));
  }

  /** A fresh key with a certificate of `signer`, and a signature over `data`, kept out of every log. */
  async signOnly(data: Buffer, signer: Signer): Promise<{ signature: Buffer; certificate: Buffer }> {
    const { signature, key } = await this.#fulcio(signer).sign(data);
    if (key.$case !== 'x509Certificate') throw new Error('Fulcio gave no certificate');
    return { signature, certificate: pemToDer(key.certificate) };
  }

  async versions(): Promise<Record<'cosign' | 'model_signing', string>> {
    const cosign = /GitVersion:\s*(\S+)/.exec(await run(this.#paths.cosign, ['version']))?.[1] ?? 'unknown';
    const modelSigning = /(\d+\.\d+\.\d+)/.exec(await run(this.#paths.modelSigning, ['--version']))?.[1] ?? 'unknown';
    return { cosign, model_signing: modelSigning };
  }

  async #dsse(statement: Buffer, signer: Signer, log: Witness): Promise<unknown> {
    const witnesses = [log, new TSAWitness({ tsaBaseURL: new URL(this.#stack.endpoints.tsa).origin })];
    const builder = new DSSEBundleBuilder({ signer: this.#fulcio(signer), witnesses });
    return bundleToJSON((await builder.create({ type: STATEMENT_TYPE, data: statement })) as BundleWithDsseEnvelope);
  }

  #fulcio(signer: Signer): FulcioSigner {
    const identityProvider = { getToken: () => this.#stack.token(signer.token) };
    return new FulcioSigner({ fulcioBaseURL: this.#stack.endpoints.fulcio, identityProvider });
  }
}

/** Rekor v2 servers since v2.3 refuse dsse entries; what sigstore-js 5.1 sends is replaced by this witness. */
class PreAuthenticationWitness implements Witness {
  readonly #stack: Stack;

  constructor(stack: Stack) {
    this.#stack = stack;
  }

  async testify(...[content, certificate]: Parameters<Witness['testify']>): ReturnType<Witness['testify']> {
    if (content.$case !== 'dsseEnvelope') throw new Error('only DSSE envelopes are expected here');
    const { payload, payloadType, signatures } = content.dsseEnvelope;
    const encoding = dsse.preAuthEncoding(payloadType, payload);
    const answer = await this.#stack.write(
      'rekor2',
      hashedRekord(encoding, signatures[0]?.sig ?? Buffer.alloc(0), {
        x509Certificate: { rawBytes: pemToDer(certificate).toString('base64') },
      }),
    );
    const entry = TransparencyLogEntry.fromJSON(answer);
    const { logId, kindVersion } = entry;
    if (logId === undefined || kindVersion === undefined)
      throw new Error('the log answered without its id or the kind');
    return { tlogEntries: [{ ...entry, logId, kindVersion }] };
  }
}

/** The request for a hashedrekord 0.0.2 entry over `data`, signed with ECDSA P-256. */
export function hashedRekord(data: Buffer, signature: Buffer, verifier: object): object {
  return {
    hashedRekordRequestV002: {
      digest: createHash('sha256').update(data).digest('base64'),
      signature: {
        content: signature.toString('base64'),
        verifier: { ...verifier, keyDetails: 'PKIX_ECDSA_P256_SHA_256' },
      },
    },
  };
}

async function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, { env, timeout: 120_000, maxBuffer: 16 << 20 });
  return stdout;
}
