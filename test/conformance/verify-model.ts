import { readFile } from 'node:fs/promises';
import { matchModelFiles } from '#lib/model-files/match-files.ts';
import { relativeToModel } from '#lib/model-files/walk.ts';
import { readOmsManifest } from '#lib/model-signing/oms.ts';
import { parseStatement, STATEMENT_PAYLOAD_TYPE } from '#lib/model-signing/statement.ts';
import { type ParsedBundle, readBundle } from '#lib/sigstore/bundle.ts';
import { type OperatorTrust, parseTrustedAuthority, parseTrustedKey } from '#lib/sigstore/operator-trust.ts';
import { verifyAnyBundle } from '#lib/sigstore/verify-any.ts';
import { readTrust, requireIdentity } from './verify-file.ts';

export type VerifyMethod =
  | { readonly method: 'key'; readonly publicKey: string }
  | { readonly method: 'certificate'; readonly chain: readonly string[] }
  | { readonly method: 'sigstore'; readonly identity: string; readonly issuer: string };

export interface VerifyModelArguments {
  readonly signer: VerifyMethod;
  readonly modelPath: string;
  readonly bundle: string;
  readonly ignorePaths: readonly string[];
  readonly ignoreUnsigned: boolean;
  /** Whether the sigstore method is that of the staging instance, whose trust root needs the network. */
  readonly staging: boolean;
}

/** @throws {Error} saying why the bundle, or the model with it, is refused. */
export async function verifyModel(args: VerifyModelArguments): Promise<void> {
  const parsed = readBundle(await readFile(args.bundle));
  requireMethod(parsed, args.signer.method);
  const now = Date.now();
  const root = await readTrust({ trustedRoot: null, staging: args.staging });
  const verdict = verifyAnyBundle(parsed, root, await operatorTrust(args.signer), { now, seenAt: now });
  if (verdict.outcome === 'refused') throw new Error(`${verdict.code}: ${verdict.reason}`);
  if (args.signer.method === 'sigstore') {
    if (!verdict.logged || !verdict.signer) throw new Error('No identity signed the bundle.');
    requireIdentity(verdict.signer, args.signer.identity, args.signer.issuer);
  }
  if (!parsed.payload || parsed.payloadType !== STATEMENT_PAYLOAD_TYPE) {
    throw new Error(`The bundle signs ${parsed.payloadType ?? 'a file'}, not ${STATEMENT_PAYLOAD_TYPE}.`);
  }
  const manifest = readOmsManifest(parseStatement(parsed.payload));
  const [signatureFile] = relativeToModel(args.modelPath, [args.bundle]);
  const { matches, files } = await matchModelFiles(args.modelPath, manifest, {
    operator: relativeToModel(args.modelPath, args.ignorePaths),
    ...(signatureFile !== undefined && { signatureFile }),
    allowExtra: args.ignoreUnsigned,
  });
  if (matches) return;
  const wrong = files.filter(({ state }) => state === 'differs' || state === 'missing' || state === 'extra');
  throw new Error(`The model is not as signed: ${wrong.map(({ path, state }) => `${path} (${state})`).join(', ')}.`);
}

/** The method is the verifier's to choose, never the bundle's. */
function requireMethod({ material }: ParsedBundle, method: VerifyMethod['method']): void {
  const found = material.form === 'public-key' ? 'key' : material.isChain ? 'certificate' : 'sigstore';
  if (found !== method) throw new Error(`The bundle is signed by the ${found} method, not by ${method}.`);
}

async function operatorTrust(signer: VerifyMethod): Promise<OperatorTrust> {
  if (signer.method === 'key') {
    const pem = await readFile(signer.publicKey, 'latin1');
    return { keys: [parseTrustedKey('signer', pem, signer.publicKey)], authorities: [] };
  }
  if (signer.method === 'sigstore') return { keys: [], authorities: [] };
  const authorities = signer.chain.map(async (file) => parseTrustedAuthority(file, await readFile(file, 'latin1')));
  return { keys: [], authorities: await Promise.all(authorities) };
}
