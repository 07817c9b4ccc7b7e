/** A command that checks a fact with tools that are not ours. */
export interface VerifyCommand {
  readonly title: string;
  /** What it checks, and what must be at hand. */
  readonly explanation: string;
  readonly command: string;
}

export interface SignerToVerify {
  readonly san: string | null;
  readonly issuer: string | null;
  /** Whether the trust root in force is not the public-good one, which the tools know by themselves. */
  readonly hasOwnTrustRoot: boolean;
}

/** A POSIX shell word that means exactly `text`. */
export function shellQuote(text: string): string {
  return /^[A-Za-z0-9_\-./:=@%+,]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * Whether an identity can be written into a command as it stands. Stored identities are escaped (lib/watch/display.ts),
 * so a backslash means that bytes stand behind it which a shell word cannot show.
 */
export function canQuote(text: string): boolean {
  return !/[\\\p{C}]/u.test(text);
}

/** Verifies a model's files against its signature. `fileName` is the downloaded bundle. */
export function modelCommand(signer: SignerToVerify, fileName: string): VerifyCommand | null {
  const { san, issuer } = signer;
  if (san === null || issuer === null || !canQuote(san) || !canQuote(issuer)) return null;
  return {
    title: 'The model’s files',
    explanation: `Download the bundle as ${fileName} and put the model into the folder model.`,
    command: lines([
      'model_signing verify sigstore model',
      `--signature ${shellQuote(fileName)}`,
      `--identity ${shellQuote(san)}`,
      `--identity_provider ${shellQuote(issuer)}`,
      ...(signer.hasOwnTrustRoot ? ['--trust_config client_trust_config.json'] : []),
    ]),
  };
}

/** Verifies a signed statement or file with cosign. `predicateType` is null where the bundle signs a bare digest. */
export function cosignCommand(
  signer: SignerToVerify,
  fileName: string,
  predicateType: string | null,
): VerifyCommand | null {
  const { san, issuer } = signer;
  if (san === null || issuer === null || !canQuote(san) || !canQuote(issuer)) return null;
  if (predicateType !== null && !canQuote(predicateType)) return null;
  return {
    title: predicateType === null ? 'The signed file' : 'The signed statement',
    explanation: `Download the bundle as ${fileName} and have the signed file at hand as artifact.`,
    command: lines([
      predicateType === null ? 'cosign verify-blob' : 'cosign verify-blob-attestation',
      `--bundle ${shellQuote(fileName)}`,
      ...(predicateType === null ? [] : [`--type ${shellQuote(predicateType)}`]),
      `--certificate-identity ${shellQuote(san)}`,
      `--certificate-oidc-issuer ${shellQuote(issuer)}`,
      ...(signer.hasOwnTrustRoot ? ['--trusted-root trusted_root.json'] : []),
      'artifact',
    ]),
  };
}

/** Recomputes the root from the entry and the proof (RFC 9162, 2.1.3.2) and compares it with the checkpoint's. */
export function inclusionCommand(entryFile: string, proofFile: string): VerifyCommand {
  return {
    title: 'The entry is in the log',
    explanation: `Download the entry and the proof. Needs Python 3 only; prints the root that both give, or fails.`,
    command: `python3 - ${shellQuote(entryFile)} ${shellQuote(proofFile)} <<'EOF'
import base64, hashlib, sys
H = lambda *parts: hashlib.sha256(b''.join(parts)).digest()
entry = open(sys.argv[1], 'rb').read()
head, note = open(sys.argv[2], encoding='utf-8', newline='').read().split('\\n\\n', 1)
index, *hashes = [line for line in head.split('\\n')[1:] if not line.startswith('extra ')]
origin, size, root = note.split('\\n')[:3]
fn, sn, r = int(index.split()[1]), int(size) - 1, H(b'\\0', entry)
for p in map(base64.b64decode, hashes):
    assert sn > 0, 'the proof is too long'
    if fn & 1 or fn == sn:
        r = H(b'\\1', p, r)
        while fn and not fn & 1:
            fn, sn = fn >> 1, sn >> 1
    else:
        r = H(b'\\1', r, p)
    fn, sn = fn >> 1, sn >> 1
assert sn == 0 and r == base64.b64decode(root), 'the entry is NOT in this tree'
print(origin, size, root)
EOF`,
  };
}

/** Checks the log's own signature on the checkpoint. `keyId` is the hex of the first four bytes of the log id. */
export function checkpointCommand(
  checkpointFile: string,
  keyFile: string,
  keyId: string,
  keyDetails: string,
): VerifyCommand | null {
  const verify = keyDetails.includes('ED25519')
    ? `openssl pkeyutl -verify -pubin -inkey ${shellQuote(keyFile)} -rawin -in checkpoint.body -sigfile checkpoint.sig`
    : keyDetails.includes('ECDSA_P256')
      ? `openssl dgst -sha256 -verify ${shellQuote(keyFile)} -signature checkpoint.sig checkpoint.body`
      : null;
  if (verify === null) return null;
  return {
    title: 'The log signed that root',
    explanation: `Download the checkpoint, and compare ${keyFile} with the key in your own trusted_root.json. Needs Python 3 and OpenSSL 3.`,
    command: `python3 - ${shellQuote(checkpointFile)} ${shellQuote(keyId)} <<'EOF' && ${verify}
import base64, sys
body, signatures = open(sys.argv[1], encoding='utf-8', newline='').read().rsplit('\\n\\n', 1)
blobs = [base64.b64decode(line.rsplit(' ', 1)[1]) for line in signatures.splitlines()]
open('checkpoint.body', 'w', encoding='utf-8', newline='').write(body + '\\n')
open('checkpoint.sig', 'wb').write(next(blob[4:] for blob in blobs if blob[:4].hex() == sys.argv[2]))
EOF`,
  };
}

function lines(parts: readonly string[]): string {
  return parts.join(' \\\n  ');
}
