import { execFile } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { appendFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { readModelFiles } from '#lib/model-files/manifest.ts';
import { modelStatement } from '#lib/model-signing/payload.ts';
import type { HashType } from '#lib/model-signing/resource.ts';
import { type ModelSigner, signModel } from '#lib/sigstore/sign-model.ts';
import { MintedAuthority } from '#test/unit/sigstore/mint-oms.ts';

/** A Python with model_signing 1.1.1, the reference: what is signed here must verify there. */
const python = process.env.MODEL_SIGNING_PYTHON;
if (python === undefined) console.warn('SKIPPED: MODEL_SIGNING_PYTHON names no Python with model_signing');

const script = fileURLToPath(new URL('../support/verify-with-model-signing.py', import.meta.url));
const fixtures = fileURLToPath(new URL('../fixtures/oms/models', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'modeltrail-reference-'));
afterAll(() => rmSync(folder, { recursive: true }));
const run = promisify(execFile);

interface Wish {
  readonly model: string;
  readonly hashType: HashType;
  readonly shardSize: number | null;
  readonly allowSymlinks: boolean;
  readonly signer: ModelSigner;
  readonly publicKey: KeyObject | null;
  readonly roots: readonly string[];
}

/** Signs a copy of the model, and gives the question to ask the reference. */
async function signed(wish: Wish) {
  const work = mkdtempSync(join(folder, 'case-'));
  cpSync(fixtures, work, { recursive: true, verbatimSymlinks: true });
  const model = join(work, wish.model);
  const { hashType, shardSize, allowSymlinks } = wish;
  const files = await readModelFiles(model, { hashType, shardSize, allowSymlinks });
  const ignorePaths = files.isSingleFile ? [] : ['.git', '.gitattributes', '.github', '.gitignore'];
  const statement = modelStatement({ ...files, hashType, shardSize, allowSymlinks, ignorePaths });
  const put = (name: string, content: string) => {
    writeFileSync(join(work, name), content);
    return join(work, name);
  };
  return {
    model,
    bundle: put('bundle.sig', signModel(statement, wish.signer)),
    public_key: wish.publicKey && put('key.pub', String(wish.publicKey.export({ type: 'spki', format: 'pem' }))),
    chain: wish.roots.map((pem, i) => put(`root-${i}.pem`, pem)),
    shard_size: shardSize,
    hashing: hashType === 'blake2b' ? 'blake2' : hashType,
    allow_symlinks: allowSymlinks,
  };
}

const verify = (question: object) => run(python ?? '', [script, JSON.stringify(question)], { timeout: 60_000 });

function byKey(namedCurve: string) {
  const pair = generateKeyPairSync('ec', { namedCurve });
  return { signer: { method: 'key', ...pair } as const, publicKey: pair.publicKey, roots: [] };
}

function byCertificate() {
  const authority = new MintedAuthority();
  return { signer: authority.signer(), publicKey: null, roots: [authority.root.certificate.toString()] };
}

const whole = { model: 'folder', hashType: 'sha256', shardSize: null, allowSymlinks: false } as const;

describe.skipIf(python === undefined)('a model signed here', () => {
  it.each<[string, Wish]>([
    ['with P-256', { ...whole, ...byKey('P-256') }],
    ['with P-384', { ...whole, ...byKey('P-384') }],
    ['with P-521', { ...whole, ...byKey('P-521') }],
    ['with a certificate', { ...whole, ...byCertificate() }],
    ['with BLAKE2b', { ...whole, ...byKey('P-256'), hashType: 'blake2b' }],
    ['with BLAKE3', { ...whole, ...byKey('P-256'), hashType: 'blake3' }],
    ['in shards', { ...whole, ...byKey('P-256'), shardSize: 100 }],
    ['in shards of BLAKE2b, with a certificate', { ...whole, ...byCertificate(), shardSize: 64, hashType: 'blake2b' }],
    ['as a single file', { ...whole, ...byKey('P-256'), model: 'single.bin' }],
    ['with symbolic links', { ...whole, ...byKey('P-256'), model: 'linked', allowSymlinks: true }],
  ])('%s verifies with model_signing, until a file is changed', async (_, wish) => {
    const question = await signed(wish);
    await verify(question);
    appendFileSync(wish.model === 'single.bin' ? question.model : join(question.model, 'weights.bin'), 'x');
    await expect(verify(question)).rejects.toThrow(/Signature mismatch/);
  });
});
