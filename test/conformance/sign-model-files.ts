import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readModelFiles } from '#lib/model-files/manifest.ts';
import { relativeToModel } from '#lib/model-files/walk.ts';
import { IgnoreRules } from '#lib/model-signing/ignore.ts';
import { modelStatement } from '#lib/model-signing/payload.ts';
import { parseTrustedAuthority } from '#lib/sigstore/operator-trust.ts';
import { type ModelSigner, signModel } from '#lib/sigstore/sign-model.ts';
import { signFile } from './sign-file.ts';

export type SignMethod =
  | { readonly method: 'key'; readonly privateKey: string }
  | {
      readonly method: 'certificate';
      readonly privateKey: string;
      readonly certificate: string;
      readonly chain: readonly string[];
    }
  | { readonly method: 'sigstore'; readonly token: string; readonly staging: boolean };

export interface SignModelArguments {
  readonly signer: SignMethod;
  readonly modelPath: string;
  readonly outputBundle: string;
  readonly ignorePaths: readonly string[];
}

const GIT_PATHS = ['.git', '.gitattributes', '.github', '.gitignore'];

/** @throws {Error} saying what cannot be signed, or with what it cannot. */
export async function signModelFiles(args: SignModelArguments): Promise<void> {
  const operator = relativeToModel(args.modelPath, [...args.ignorePaths, args.outputBundle]);
  const model = await readModelFiles(args.modelPath, { rules: new IgnoreRules({ operator }) });
  const statement = modelStatement({
    name: model.name,
    hashType: 'sha256',
    shardSize: null,
    allowSymlinks: false,
    resources: model.resources,
    ignorePaths: model.isSingleFile ? [] : [...operator, ...GIT_PATHS],
  });
  const { signer, outputBundle } = args;
  if (signer.method === 'sigstore') await signWithSigstore(statement, signer, outputBundle);
  else await writeFile(outputBundle, signModel(statement, await readSigner(signer)));
}

async function readSigner(signer: Exclude<SignMethod, { method: 'sigstore' }>): Promise<ModelSigner> {
  const privateKey = createPrivateKey(await readFile(signer.privateKey));
  if (signer.method === 'key') {
    const publicKey = createPublicKey(privateKey.export({ type: 'pkcs8', format: 'pem' }));
    return { method: 'key', privateKey, publicKey };
  }
  const chain = signer.chain.map(async (file) => parseTrustedAuthority(file, await readFile(file, 'latin1')));
  return {
    method: 'certificate',
    privateKey,
    certificate: new X509Certificate(await readFile(signer.certificate)),
    chain: (await Promise.all(chain)).flatMap(({ certificates }) => certificates),
  };
}

async function signWithSigstore(
  statement: Uint8Array,
  { token, staging }: Extract<SignMethod, { method: 'sigstore' }>,
  bundle: string,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'oms-client-'));
  try {
    const file = join(folder, 'statement.json');
    await writeFile(file, statement);
    await signFile({ bundle, staging, token, trustedRoot: null, signingConfig: null, isStatement: true, file });
  } finally {
    await rm(folder, { recursive: true });
  }
}
