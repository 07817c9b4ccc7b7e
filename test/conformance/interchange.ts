import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/**
 * Interchange with the real clients on a Sigstore stack of one's own: what one signs the others verify, and what was
 * changed since none of them does. Run by hand: node test/conformance/interchange.ts
 *
 * Needs STACK_DIR (endpoints.json, signing_config.v1.json and .v2.json, trusted_root.json, trust_config*.json of a running
 * stack), MODEL_SIGNING and COSIGN (paths of the clients), and openssl. What is not there is skipped, and said.
 */
const MAIN = fileURLToPath(new URL('../../lib/cli/main.ts', import.meta.url));
const STACK = process.env.STACK_DIR ?? '';
const COSIGN = process.env.COSIGN ?? join(homedir(), '.cache/sigstore-stack/bin/cosign');
const MODEL_SIGNING = process.env.MODEL_SIGNING ?? 'model_signing';
const ROOT = ['--trusted-root', join(STACK, 'trusted_root.json')];

interface Endpoints {
  readonly oidc: string;
}
interface Identity {
  readonly label: string;
  readonly path: string;
  readonly san: string;
  readonly issuer: string;
}
interface Outcome {
  readonly ok: boolean;
  /** What the program ended with; null where it did not run. */
  readonly code: number | null;
  readonly words: string;
}

const results: { made: string; by: string; ok: boolean; words: string }[] = [];
let folder = '';

async function run(program: string, args: readonly string[]): Promise<Outcome> {
  const env = { ...process.env, TUF_ROOT: join(folder, 'tuf'), COSIGN_YES: 'true', COSIGN_PASSWORD: '' };
  try {
    const { stdout, stderr } = await promisify(execFile)(program, args, { env, timeout: 120_000, cwd: folder });
    return { ok: true, code: 0, words: (stderr || stdout).trim().split('\n').at(-1) ?? '' };
  } catch (error) {
    const {
      stderr = '',
      stdout = '',
      message,
      code,
    } = error as Error & Record<'stderr' | 'stdout', string> & { code: unknown };
    const words = (stderr || stdout || message).trim().split('\n').at(-1) ?? '';
    return { ok: false, code: typeof code === 'number' ? code : null, words };
  }
}
const modeltrail = (...args: string[]) => run(process.execPath, [MAIN, ...args]);

/**
 * After a change a refusal is as it must be: exit 1, where the very same call with the unchanged files succeeded. So what
 * does not run, or refuses everything, does not count.
 */
function note(made: string, by: string, { ok, code, words }: Outcome, expected = true): void {
  if (expected) {
    results.push({ made, by, ok, words });
    return;
  }
  const before = results.findLast((result) => result.made === made && result.by === by);
  results.push({ made, by: `${by}, after a change`, ok: code === 1 && before?.ok === true, words });
}

async function token({ path }: Identity, file: string): Promise<string> {
  const { oidc } = JSON.parse(await readFile(join(STACK, 'endpoints.json'), 'utf8')) as Endpoints;
  const response = await fetch(oidc + path, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`The issuer of the stack answered ${response.status}.`);
  const text = await response.text();
  await writeFile(file, text);
  return text.trim();
}

async function mintModel(name: string): Promise<{ model: string; changed: string }> {
  const paths = { model: join(folder, name), changed: join(folder, `${name}-changed`, name) };
  for (const [kind, path] of Object.entries(paths)) {
    await mkdir(join(path, 'sub'), { recursive: true });
    await writeFile(join(path, 'config.json'), '{"model_type":"toy"}\n');
    await writeFile(join(path, 'sub', 'weights.bin'), kind === 'model' ? 'weights' : 'weighty');
  }
  return paths;
}

/** Cosign verifies statements over one file: the OMS root itself is the digest, so that it is asked for by that. */
function cosignVerify(bundle: string, digest: string, type: string, signer: readonly string[]): Promise<Outcome> {
  const about = ['--digest', digest, '--digestAlg', 'sha256', '--type', type];
  return run(COSIGN, ['verify-blob-attestation', '--bundle', bundle, ...about, ...signer]);
}

const OMS_TYPE = 'https://model_signing/signature/v1.0';

async function keyless(log: 'v1' | 'v2', identity: Identity): Promise<void> {
  const made = `${log} ${identity.label}`;
  const { model, changed } = await mintModel(`model-${log}-${identity.label}`);
  const [tokenFile, signature, attestation] = ['tok', 'sig', 'att'].map((end) =>
    join(folder, `${log}-${identity.label}.${end}`),
  );
  if (!tokenFile || !signature || !attestation) throw new Error('a path is missing');
  const jwt = await token(identity, tokenFile);
  const config = join(STACK, `signing_config.${log}.json`);
  const how = ['--identity-token-file', tokenFile, '--signing-config', config, ...ROOT];
  const who = ['--identity', identity.san, '--issuer', identity.issuer];
  const cosignWho = ['--certificate-identity', identity.san, '--certificate-oidc-issuer', identity.issuer, ...ROOT];
  const omsWho = ['--identity', identity.san, '--identity_provider', identity.issuer];
  const omsTrust = ['--trust_config', join(STACK, 'trust_config.json')];
  note(`modeltrail sign ${made}`, 'modeltrail', await modeltrail('sign', model, '--signature', signature, ...how));
  const root = await rootOf(signature);
  const oms = (path: string, by: string) =>
    run(MODEL_SIGNING, ['verify', 'sigstore', ...omsTrust, '--signature', by, ...omsWho, path]);
  note(`modeltrail sign ${made}`, 'model_signing', await oms(model, signature));
  note(`modeltrail sign ${made}`, 'model_signing', await oms(changed, signature), false);
  note(`modeltrail sign ${made}`, 'cosign', await cosignVerify(signature, root, OMS_TYPE, cosignWho));
  note(
    `modeltrail sign ${made}`,
    'cosign',
    await cosignVerify(signature, await otherRoot(changed), OMS_TYPE, cosignWho),
    false,
  );

  const fields = ['--builder', 'https://train.example', '--no-base', '--dataset', `d=sha256:${root}`];
  note(
    `modeltrail attest ${made}`,
    'modeltrail',
    await modeltrail('attest', model, '--output', attestation, ...fields, ...how),
  );
  note(`modeltrail attest ${made}`, 'cosign', await cosignVerify(attestation, root, 'slsaprovenance1', cosignWho));
  note(
    `modeltrail attest ${made}`,
    'cosign',
    await cosignVerify(attestation, await otherRoot(changed), 'slsaprovenance1', cosignWho),
    false,
  );

  const theirs = join(folder, `${log}-${identity.label}.theirs`);
  const trust = join(STACK, `trust_config.${log}.json`);
  const signed = await run(MODEL_SIGNING, [
    'sign',
    'sigstore',
    '--trust_config',
    trust,
    '--identity_token',
    jwt,
    '--signature',
    theirs,
    model,
  ]);
  note(`model_signing sign ${made}`, 'model_signing', signed);
  note(
    `model_signing sign ${made}`,
    'modeltrail bundle verify',
    await modeltrail('bundle', 'verify', theirs, ...ROOT, ...who),
  );
  note(`model_signing sign ${made}`, 'modeltrail hash --check', await modeltrail('hash', '--check', theirs, model));
  note(
    `model_signing sign ${made}`,
    'modeltrail hash --check',
    await modeltrail('hash', '--check', theirs, changed),
    false,
  );
  await fromCosign(made, {
    jwt,
    config,
    who,
    file: join(model, 'sub/weights.bin'),
    other: join(changed, 'sub/weights.bin'),
  });
}

interface CosignTask {
  readonly jwt: string;
  readonly config: string;
  readonly who: readonly string[];
  readonly file: string;
  readonly other: string;
}

async function fromCosign(made: string, { jwt, config, who, file, other }: CosignTask): Promise<void> {
  const predicate = join(folder, 'slsa.json');
  const runDetails = { builder: { id: 'https://train.example' } };
  const buildDefinition = { buildType: 'https://train.example/t/v1', externalParameters: { a: 'b' } };
  await writeFile(predicate, JSON.stringify({ buildDefinition, runDetails }));
  const common = ['--yes', '--signing-config', config, ...ROOT, '--identity-token', jwt];
  const kinds = { 'sign-blob': [], 'attest-blob': ['--type', 'slsaprovenance1', '--predicate', predicate] };
  for (const [verb, extra] of Object.entries(kinds)) {
    const bundle = join(folder, `${made.replaceAll(' ', '-')}-${verb}.json`);
    note(`cosign ${verb} ${made}`, 'cosign', await run(COSIGN, [verb, ...common, ...extra, '--bundle', bundle, file]));
    const verify = (path: string) => modeltrail('bundle', 'verify', bundle, '--artifact', path, ...ROOT, ...who);
    note(`cosign ${verb} ${made}`, 'modeltrail bundle verify', await verify(file));
    note(`cosign ${verb} ${made}`, 'modeltrail bundle verify', await verify(other), false);
  }
}

async function withKey(): Promise<void> {
  const { model, changed } = await mintModel('model-key');
  const [key, pub, signature, theirs] = ['key.pem', 'key.pub', 'key.sig', 'key-theirs.sig'].map((name) =>
    join(folder, name),
  );
  if (!key || !pub || !signature || !theirs) throw new Error('a path is missing');
  await openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', key);
  await openssl('pkey', '-in', key, '-pubout', '-out', pub);
  note('modeltrail sign key', 'modeltrail', await modeltrail('sign', model, '--key', key, '--signature', signature));
  const oms = (path: string) =>
    run(MODEL_SIGNING, ['verify', 'key', '--signature', signature, '--public_key', pub, path]);
  note('modeltrail sign key', 'model_signing', await oms(model));
  note('modeltrail sign key', 'model_signing', await oms(changed), false);
  const unlogged = ['--key', pub, '--insecure-ignore-tlog'];
  note('modeltrail sign key', 'cosign', await cosignVerify(signature, await rootOf(signature), OMS_TYPE, unlogged));
  note(
    'modeltrail sign key',
    'cosign',
    await cosignVerify(signature, await otherRoot(changed), OMS_TYPE, unlogged),
    false,
  );
  note(
    'model_signing sign key',
    'model_signing',
    await run(MODEL_SIGNING, ['sign', 'key', '--signature', theirs, '--private_key', key, model]),
  );
  note(
    'model_signing sign key',
    'modeltrail bundle verify',
    await modeltrail('bundle', 'verify', theirs, '--key', pub),
  );
  note('model_signing sign key', 'modeltrail hash --check', await modeltrail('hash', '--check', theirs, model));
  note(
    'model_signing sign key',
    'modeltrail hash --check',
    await modeltrail('hash', '--check', theirs, changed),
    false,
  );
}

async function withCertificate(): Promise<void> {
  const { model, changed } = await mintModel('model-certificate');
  const name = (file: string) => join(folder, file);
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  await openssl(
    'req',
    '-x509',
    ...ec,
    '-keyout',
    name('ca.pem'),
    '-out',
    name('ca.crt'),
    '-days',
    '2',
    '-subj',
    '/CN=Example CA',
  );
  const use = ['-addext', 'keyUsage=critical,digitalSignature', '-addext', 'extendedKeyUsage=codeSigning'];
  const san = [
    '-addext',
    'subjectAltName=email:release-bot@models.example',
    '-addext',
    'basicConstraints=critical,CA:FALSE',
  ];
  const issued = ['-CA', name('ca.crt'), '-CAkey', name('ca.pem'), '-days', '1', '-subj', '/CN=release-bot'];
  await openssl('req', '-x509', ...ec, ...issued, ...use, ...san, '-keyout', name('own.pem'), '-out', name('own.crt'));
  const ours = ['--key', name('own.pem'), '--certificate', name('own.crt'), '--certificate-chain', name('ca.crt')];
  const signature = name('certificate.sig');
  note('modeltrail sign certificate', 'modeltrail', await modeltrail('sign', model, ...ours, '--signature', signature));
  const chain = ['--certificate_chain', name('ca.crt')];
  const oms = (path: string) => run(MODEL_SIGNING, ['verify', 'certificate', '--signature', signature, ...chain, path]);
  note('modeltrail sign certificate', 'model_signing', await oms(model));
  note('modeltrail sign certificate', 'model_signing', await oms(changed), false);
  const theirs = name('certificate-theirs.sig');
  const signer = ['--private_key', name('own.pem'), '--signing_certificate', name('own.crt'), ...chain];
  note(
    'model_signing sign certificate',
    'model_signing',
    await run(MODEL_SIGNING, ['sign', 'certificate', '--signature', theirs, ...signer, model]),
  );
  const who = ['--authority', name('ca.crt'), '--identity', 'release-bot@models.example'];
  note(
    'model_signing sign certificate',
    'modeltrail bundle verify',
    await modeltrail('bundle', 'verify', theirs, ...who),
  );
  note('model_signing sign certificate', 'modeltrail hash --check', await modeltrail('hash', '--check', theirs, model));
  note(
    'model_signing sign certificate',
    'modeltrail hash --check',
    await modeltrail('hash', '--check', theirs, changed),
    false,
  );
}

async function openssl(...args: string[]): Promise<void> {
  const { ok, words } = await run('openssl', args);
  if (!ok) throw new Error(`openssl ${args[0]} failed: ${words}`);
}

async function rootOf(signature: string): Promise<string> {
  const { dsseEnvelope } = JSON.parse(await readFile(signature, 'utf8'));
  return JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString()).subject[0].digest.sha256;
}

async function otherRoot(path: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, 'hash', '--json', path]);
  const root = /[0-9a-f]{64}/.exec(
    JSON.stringify(JSON.parse(stdout).models[0].root ?? JSON.parse(stdout).models[0]),
  )?.[0];
  if (root === undefined) throw new Error('modeltrail hash gives no root');
  return root;
}

async function main(): Promise<number> {
  const lacking = [
    ...(existsSync(join(STACK, 'endpoints.json')) ? [] : ['STACK_DIR with a running stack']),
    ...(existsSync(COSIGN) ? [] : ['COSIGN']),
    ...((await run(MODEL_SIGNING, ['--version'])).ok ? [] : ['MODEL_SIGNING']),
  ];
  if (lacking.length > 0) {
    console.error(`Skipped: nothing was tried, for these are missing: ${lacking.join(', ')}.`);
    return 2;
  }
  folder = await mkdtemp(join(tmpdir(), 'interchange-'));
  try {
    const { oidc } = JSON.parse(await readFile(join(STACK, 'endpoints.json'), 'utf8')) as Endpoints;
    const workflow = 'https://github.com/acme/models/.github/workflows/release.yml@refs/tags/v1.2.0';
    const identities: Identity[] = [
      { label: 'email', path: '/token?raw=1&email=release-bot@models.example', san: 'release-bot@models.example', issuer: oidc },
      {
        label: 'workflow',
        path: '/actions/token?raw=1&repository=acme/models&ref=refs/tags/v1.2.0',
        san: workflow,
        issuer: `${oidc}/actions`,
      },
    ];
    for (const log of ['v1', 'v2'] as const) for (const identity of identities) await keyless(log, identity);
    await withKey();
    await withCertificate();
  } finally {
    await rm(folder, { recursive: true });
  }
  for (const { made, by, ok, words } of results) {
    console.log(`${ok ? 'as it must be' : 'NOT AS IT MUST BE'}  ${made} -> ${by}${ok ? '' : `: ${words}`}`);
  }
  const wrong = results.filter(({ ok }) => !ok).length;
  console.log(`${results.length - wrong} of ${results.length} as they must be.`);
  return wrong === 0 ? 0 : 1;
}

process.exitCode = await main();
