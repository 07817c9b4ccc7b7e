import { createPrivateKey, createPublicKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { RemoteClient } from '#lib/remote/client.ts';
import { ambientToken } from '#lib/signing/ambient-token.ts';
import { type IdentityToken, readIdentityToken } from '#lib/signing/identity-token.ts';
import { loadServices, type NamedServices, type SigningConfigSource } from '#lib/signing/load-services.ts';
import type { SigningMethod } from '#lib/signing/sign-statement.ts';
import type { SigningServices } from '#lib/signing/signing-config.ts';
import { SigningError } from '#lib/signing/signing-error.ts';
import { parseTrustedAuthority } from '#lib/sigstore/operator-trust.ts';
import { VERSION } from '#lib/version.ts';
import { type CliCommand, UsageError } from './command.ts';
import type { CommandInput } from './input.ts';
import { printError } from './output.ts';
import { readFileUpTo } from './read-file.ts';

/** Of every command that signs. */
export const SIGNING_OPTIONS: CliCommand['options'] = [
  { flags: '--key <file>', description: 'Sign with this EC private key in PEM (P-256, P-384 or P-521), in no log' },
  { flags: '--key-passphrase-file <file>', description: 'File whose first line opens the key' },
  { flags: '--certificate <file>', description: 'Certificate in PEM of the key, of an authority of your own' },
  {
    flags: '--certificate-chain <file>',
    description: 'Certificates in PEM above it; may be given more than once, the root last',
  },
  { flags: '--identity-token-file <file>', description: 'File with an OpenID Connect token for Sigstore' },
  { flags: '--interactive', description: 'Get a token by signing in with a browser on this computer' },
  { flags: '--oidc-issuer <url>', description: 'Where to sign in; the one of the signing configuration if not said' },
  {
    flags: '--signing-config <file>',
    description: "signing_config.json with the services to sign with; Sigstore's own if not said",
  },
  { flags: '--fulcio-url <url>', description: 'Certificate authority to use instead' },
  { flags: '--rekor-url <url>', description: 'Transparency log to use instead' },
  { flags: '--rekor-version <n>', description: 'Version of the API of --rekor-url: 1 (if not said) or 2' },
  { flags: '--tsa-url <url>', description: 'Timestamp authority to use instead; may be given more than once' },
  {
    flags: '--trusted-root <file>',
    description: 'trusted_root.json that the result is verified with before it is written',
  },
  { flags: '--config <file>', description: 'Configuration whose trust root and TUF repository to use' },
];

const MAX_PEM = 1024 * 1024;
const KEYLESS_ONLY = [
  'identity-token-file',
  'oidc-issuer',
  'signing-config',
  'fulcio-url',
  'rekor-url',
  'rekor-version',
  'tsa-url',
] as const;

/** With what to sign, and what to close afterwards. */
export interface OpenedSigner {
  readonly method: SigningMethod;
  close(): Promise<void>;
}

/**
 * Reads the options of `SIGNING_OPTIONS` as far as possible without a request; `prepare` then gets the token. So wrong
 * options are found before hours of hashing, and a token that lives for minutes is got after it.
 *
 * @throws {UsageError}
 */
export async function readSigningMethod(input: CommandInput): Promise<() => Promise<OpenedSigner>> {
  const keyFile = input.text('key');
  if (keyFile === undefined) {
    for (const name of ['key-passphrase-file', 'certificate', 'certificate-chain']) {
      if (input.texts(name).length > 0) throw new UsageError(`--${name} goes with --key. Name the private key too.`);
    }
    return readKeyless(input);
  }
  const other =
    KEYLESS_ONLY.find((name) => input.texts(name).length > 0) ?? (input.flag('interactive') && 'interactive');
  if (other) throw new UsageError(`--${other} is of signing without a key of one's own. Leave out it or --key.`);
  const method = await readKeyMethod(input, keyFile);
  return async () => ({ method, close: async () => {} });
}

async function readKeyMethod(input: CommandInput, keyFile: string): Promise<SigningMethod> {
  const privateKey = await readPrivateKey(keyFile, input.text('key-passphrase-file'));
  const certificateFile = input.text('certificate');
  const chainFiles = input.texts('certificate-chain');
  if (certificateFile === undefined) {
    if (chainFiles.length > 0) throw new UsageError('--certificate-chain goes with --certificate. Name that too.');
    return { method: 'key', privateKey, publicKey: createPublicKey(privateKey) };
  }
  const chain = await Promise.all(chainFiles.map((file) => readCertificates(file, 'certificate chain')));
  const [certificate, ...others] = await readCertificates(certificateFile, 'certificate');
  if (!certificate) throw new UsageError(`The certificate ${certificateFile} holds none.`);
  return { method: 'certificate', privateKey, certificate, chain: [...others, ...chain.flat()] };
}

async function readCertificates(file: string, what: string): Promise<readonly X509Certificate[]> {
  const pem = await readFileUpTo(file, MAX_PEM, what);
  return parseTrustedAuthority(file, pem.toString('latin1')).certificates;
}

async function readPrivateKey(file: string, passphraseFile: string | undefined): Promise<KeyObject> {
  const pem = await readFileUpTo(file, MAX_PEM, 'private key');
  if (pem.includes('ENCRYPTED SIGSTORE PRIVATE KEY') || pem.includes('ENCRYPTED COSIGN PRIVATE KEY')) {
    throw new UsageError(`${file} is encrypted in cosign's own way. Export it in PKCS #8, as openssl writes it.`);
  }
  const passphrase = passphraseFile === undefined ? undefined : await readPassphrase(passphraseFile);
  try {
    return createPrivateKey({ key: pem, format: 'pem', ...(passphrase !== undefined && { passphrase }) });
  } catch (error) {
    const isEncrypted = pem.includes('ENCRYPTED') && passphrase === undefined;
    const mend = isEncrypted
      ? 'Name its passphrase: --key-passphrase-file'
      : 'Name a private key in PEM, and its passphrase';
    const { code = 'unreadable' } = error as { code?: string };
    throw new UsageError(`The private key ${file} cannot be opened (${code}). ${mend}.`);
  }
}

async function readPassphrase(file: string): Promise<string> {
  const bytes = await readFileUpTo(file, 4096, 'passphrase');
  return bytes.toString('utf8').replace(/\r?\n[\s\S]*$/, '');
}

async function readKeyless(input: CommandInput): Promise<() => Promise<OpenedSigner>> {
  const named = readNamedServices(input);
  const source = await configSource(input);
  const services = await loadServices(source, named, Date.now());
  return async () => {
    const client = new RemoteClient({ userAgent: `Modeltrail/${VERSION}` });
    try {
      const token = await findToken(input, client, services);
      return { method: { method: 'keyless', client, services, token }, close: () => client.close() };
    } catch (error) {
      await client.close();
      throw error;
    }
  };
}

function readNamedServices(input: CommandInput): NamedServices {
  const version = input.text('rekor-version');
  const url = input.text('rekor-url');
  if (version !== undefined && version !== '1' && version !== '2') {
    throw new UsageError(`--rekor-version ${version} is not known. Write 1 or 2.`);
  }
  if (version !== undefined && url === undefined)
    throw new UsageError('--rekor-version is of --rekor-url. Name that too.');
  const authorities = input.texts('tsa-url');
  return {
    fulcio: input.text('fulcio-url') ?? null,
    log: url === undefined ? null : { url, api: version === '2' ? 2 : 1 },
    timestampAuthorities: authorities.length > 0 ? authorities : null,
  };
}

async function configSource(input: CommandInput): Promise<SigningConfigSource | null> {
  const file = input.text('signing-config');
  if (file !== undefined) return { file };
  const config = input.text('config');
  if (config === undefined) return null;
  const { loadConfig } = await import('#lib/config/load.ts');
  const { trustSourceOf } = await import('#lib/services/config/trust-source.ts');
  const { configPath } = await import('#lib/config/config-path.ts');
  const source = trustSourceOf(loadConfig(configPath(config)).config);
  return 'tuf' in source ? source : null;
}

async function findToken(input: CommandInput, client: RemoteClient, services: SigningServices): Promise<IdentityToken> {
  const file = input.text('identity-token-file');
  if (file !== undefined) {
    const token = (await readFileUpTo(file, 64 * 1024, 'identity token')).toString('utf8');
    return readIdentityToken(token, `The token in ${file}`, Date.now());
  }
  if (input.flag('interactive')) {
    const issuer = input.text('oidc-issuer') ?? services.issuer;
    if (issuer === null) throw new UsageError('The signing configuration names no issuer. Name one: --oidc-issuer.');
    const { interactiveToken } = await import('#lib/signing/interactive-token.ts');
    const show = (url: string) => printError(`Open this address in a browser on this computer, and sign in:\n${url}`);
    return readIdentityToken(await interactiveToken(issuer, { show }), 'The token of your sign-in', Date.now());
  }
  const ambient = await ambientToken(client, process.env);
  if (ambient) return readIdentityToken(ambient.jwt, `The token of ${ambient.source}`, Date.now());
  throw new SigningError(
    'Nothing says who signs. Name a token (--identity-token-file, or SIGSTORE_ID_TOKEN), sign in (--interactive), ' +
      'or sign with a key (--key).',
  );
}
