import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { readOmsManifest } from '#lib/model-signing/oms.ts';
import { parseStatement } from '#lib/model-signing/statement.ts';
import { readBundle } from '#lib/sigstore/bundle.ts';
import { signModelFiles } from '#test/conformance/sign-model-files.ts';
import { type VerifyMethod, verifyModel } from '#test/conformance/verify-model.ts';

interface Changes {
  readonly tamper?: Readonly<Record<string, string>>;
  readonly inject?: Readonly<Record<string, string>>;
  readonly delete?: readonly string[];
  readonly symlinks?: Readonly<Record<string, string>>;
}

interface OmsCase {
  readonly method: VerifyMethod['method'];
  readonly model: string;
  readonly model_relative_to?: string;
  readonly model_modifications?: Changes;
  readonly sig_inside_model?: boolean;
  readonly expect?: string;
  readonly expected_signed_files?: readonly string[];
  readonly sign?: Readonly<{ private_key?: string; signing_cert?: string; cert_chain?: readonly string[] }>;
  readonly verify?: Readonly<{
    public_key?: string;
    cert_chain?: readonly string[];
    ignore_paths?: readonly string[];
    ignore_unsigned_files?: boolean;
    identity?: string;
    identity_provider?: string;
  }>;
}

/** Cases of model-signing-conformance, which lie beside the project where they are at hand. */
const folder = fileURLToPath(new URL('../../../shared/conformance/oms', import.meta.url));
const read = (name: string) =>
  JSON.parse(readFileSync(join(folder, 'test-cases', name, 'config.json'), 'utf8')) as OmsCase;
const names = existsSync(folder)
  ? readdirSync(join(folder, 'test-cases'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('/config.json'))
      .map(dirname)
      // Signing by the sigstore method needs services and a token.
      .filter((name) => !(name.startsWith('roundtrip') && read(name).method === 'sigstore'))
  : [];
if (names.length === 0) console.warn(`SKIPPED: no model signing conformance cases in ${folder}`);

const temporary = mkdtempSync(join(tmpdir(), 'modeltrail-oms-conformance-'));
afterAll(() => rmSync(temporary, { recursive: true }));

const asset = (path: string) => join(folder, 'assets', path);
const isFailing = (name: string) => name.endsWith('_fail') || read(name).expect === 'fail';

interface Stage {
  readonly name: string;
  readonly config: OmsCase;
  readonly model: string;
  readonly bundle: string;
}

/** A copy of the case's model, and where its bundle lies or is to lie. */
function stage(name: string): Stage {
  const config = read(name);
  const work = mkdtempSync(join(temporary, 'case-'));
  const at = join(folder, 'test-cases', name);
  const model = join(work, 'model');
  cpSync(config.model_relative_to === 'test_dir' ? join(at, config.model) : asset(config.model), model, {
    recursive: true,
    verbatimSymlinks: true,
  });
  const own = join(at, 'bundle.sig');
  const bundle = config.sig_inside_model ? join(model, 'model.sig') : join(work, 'bundle.sig');
  for (const [path, target] of Object.entries(config.model_modifications?.symlinks ?? {})) {
    mkdirSync(dirname(join(model, path)), { recursive: true });
    symlinkSync(target, join(model, path));
  }
  return { name, config, model, bundle: existsSync(own) ? own : bundle };
}

const ignorePaths = ({ config, model }: Stage) => (config.verify?.ignore_paths ?? []).map((path) => join(model, path));

function change({ config: { model_modifications: changes = {} }, model }: Stage): void {
  for (const [path, text] of Object.entries({ ...changes.tamper, ...changes.inject })) {
    writeFileSync(join(model, path), text);
  }
  for (const path of changes.delete ?? []) rmSync(join(model, path), { force: true });
}

async function sign(staged: Stage): Promise<void> {
  const { private_key = '', signing_cert = '', cert_chain = [] } = staged.config.sign ?? {};
  const privateKey = asset(private_key);
  await signModelFiles({
    signer:
      staged.config.method === 'certificate'
        ? { method: 'certificate', privateKey, certificate: asset(signing_cert), chain: cert_chain.map(asset) }
        : { method: 'key', privateKey },
    modelPath: staged.model,
    outputBundle: staged.bundle,
    ignorePaths: ignorePaths(staged),
  });
}

async function verify(staged: Stage): Promise<void> {
  const {
    public_key = '',
    cert_chain = [],
    identity = '',
    identity_provider = '',
    ...flags
  } = staged.config.verify ?? {};
  const methods: Readonly<Record<VerifyMethod['method'], VerifyMethod>> = {
    key: { method: 'key', publicKey: asset(public_key) },
    certificate: { method: 'certificate', chain: cert_chain.map(asset) },
    sigstore: { method: 'sigstore', identity, issuer: identity_provider },
  };
  await verifyModel({
    signer: methods[staged.config.method],
    modelPath: staged.model,
    bundle: staged.bundle,
    ignorePaths: ignorePaths(staged),
    ignoreUnsigned: flags.ignore_unsigned_files === true,
    staging: false,
  });
}

function signedFiles(bundle: string): string[] {
  const { payload } = readBundle(readFileSync(bundle));
  if (!payload) throw new Error('no payload');
  return readOmsManifest(parseStatement(payload))
    .resources.map(({ name }) => name)
    .sort();
}

async function run(name: string): Promise<Stage> {
  const staged = stage(name);
  if (name.startsWith('roundtrip')) await sign(staged);
  change(staged);
  await verify(staged);
  return staged;
}

describe.skipIf(names.length === 0)('model-signing-conformance', () => {
  it.each(names.filter((name) => !isFailing(name)))('%s passes', async (name) => {
    const { config, bundle } = await run(name);
    if (config.expected_signed_files) expect(signedFiles(bundle)).toEqual([...config.expected_signed_files].sort());
  });

  it.each(names.filter(isFailing))('%s is refused', async (name) => {
    await expect(run(name)).rejects.toThrow();
  });
});
