import { createPublicKey } from 'node:crypto';
import type { LogKey } from '#lib/sigstore/log-key.ts';
import { TlogError } from '#lib/tlog/error.ts';
import type { TrustedLogKey } from '#lib/tlog/evidence-signer.ts';
import { isLogKey, parseVerifierKey } from '#lib/tlog/key.ts';
import { ed25519KeyFromSpki, p256PointFromSpki } from '#lib/tlog/spki.ts';
import { UsageError } from './command.ts';
import type { CommandInput } from './input.ts';
import { readFileUpTo } from './read-file.ts';
import { chooseTrust } from './trust.ts';

/** Keys to hold evidence against, with what to say of where they come from. */
export interface EvidenceTrust {
  readonly keys: readonly TrustedLogKey[];
  readonly source: string;
}

const MAX_PEM = 64 * 1024;
/** What a verifier key has and no sensible path: a name, eight hex digits, base64. */
const LOOKS_LIKE_VKEY = /^[^+]+\+[0-9a-f]{8}\+/;

/**
 * The keys that `--key` (a verifier key, or a file with a public key in PEM) or `--trusted-root` give; null without
 * either, and then the key in the evidence is only its claim.
 *
 * @throws {UsageError | TrustError}
 */
export async function readEvidenceTrust(input: CommandInput): Promise<EvidenceTrust | null> {
  const [key, rootFile] = [input.text('key'), input.text('trusted-root')];
  if (key !== undefined && rootFile !== undefined) {
    throw new UsageError('Both --key and --trusted-root name the key to believe. Leave one out.');
  }
  if (key !== undefined) {
    if (LOOKS_LIKE_VKEY.test(key)) return { keys: [fromVerifierKey(key)], source: '--key' };
    return { keys: [fromPem(await readFileUpTo(key, MAX_PEM, 'key'), key)], source: key };
  }
  if (rootFile === undefined) return null;
  const { root } = await chooseTrust(input);
  return { keys: root.logs.map(fromTrustRoot), source: rootFile };
}

function fromVerifierKey(vkey: string): TrustedLogKey {
  try {
    const verifier = parseVerifierKey(vkey);
    if (isLogKey(verifier)) return { publicKey: verifier.publicKey, names: [verifier.name] };
  } catch (error) {
    if (!(error instanceof TlogError)) throw error;
    throw new UsageError(`--key cannot be used: ${error.message}.`);
  }
  throw new UsageError("--key is a witness's key. Give the log's own.");
}

/** A private key would give its public one as well: it is refused, for it should not lie about. */
function fromPem(pem: Buffer, path: string): TrustedLogKey {
  if (!pem.includes('-----BEGIN PUBLIC KEY-----')) {
    throw new UsageError(`${path} is no public key in PEM, and no verifier key (name+id+key) either.`);
  }
  try {
    const spki = createPublicKey(pem).export({ type: 'spki', format: 'der' });
    return { publicKey: fromSpki(spki), names: null };
  } catch (error) {
    throw new UsageError(`${path} is no key that a log can have: ${(error as Error).message}.`);
  }
}

/** Logs with keys of other kinds are no use here: evidence is of these two. */
function fromTrustRoot({ rawKey, spkiDer, names }: LogKey): TrustedLogKey {
  return { publicKey: rawKey ?? spkiDer, names };
}

/** As verifiers hold it. @throws {TlogError} for a key that is neither Ed25519 nor P-256. */
function fromSpki(spki: Uint8Array): Uint8Array {
  try {
    return ed25519KeyFromSpki(spki);
  } catch {
    p256PointFromSpki(spki);
    return spki;
  }
}
