import { bundleFromJSON } from '@sigstore/bundle';
import { type SignedEntity, toSignedEntity, VerificationError, Verifier } from '@sigstore/verify';
import type { ParsedBundle } from './bundle.ts';
import { verifyContentSignature } from './content-signature.ts';
import type { SigningKey } from './signer.ts';
import type { TrustedRoot } from './trusted-root.ts';

/**
 * The verdict of @sigstore/verify on the same bundle: null, or why it refuses. Ours and its own must both be good, so
 * that a slip in either is caught by the other.
 *
 * Its thresholds are what the bundle itself has: every timestamp and promise counts. No policy is given to it: it takes
 * identities for regular expressions, without anchors, and reads them as 7-bit text.
 */
export function libraryVerdict(
  parsed: ParsedBundle,
  root: TrustedRoot,
  signer: SigningKey,
  artifact?: Uint8Array,
): { readonly code: string; readonly message: string } | null {
  try {
    const bundle = bundleFromJSON(parsed.json);
    for (const entry of bundle.verificationMaterial.tlogEntries) {
      // Format 0.1 allows proofs without a checkpoint: they prove nothing, and the library trips over them.
      if (parsed.version === '0.1' && !entry.inclusionProof?.checkpoint) entry.inclusionProof = undefined;
    }
    const promises = parsed.logEntries.filter(({ promise }) => promise).length;
    const verifier = new Verifier(
      { ...root.material, publicKey: () => ({ publicKey: signer.key, validFor: () => true }) },
      {
        tlogThreshold: Math.max(1, parsed.logEntries.length),
        ctlogThreshold: root.ctLogs.length > 0 ? 1 : 0,
        timestampThreshold: Math.max(1, parsed.timestamps.length + promises),
      },
    );
    verifier.verify({ ...toSignedEntity(bundle), signature: contentOf(parsed, artifact) });
    return null;
  } catch (error) {
    const code = error instanceof VerificationError ? error.code : 'ERROR';
    return { code, message: error instanceof Error ? error.message : 'unknown error' };
  }
}

/** The library hashes everything with SHA-256 and needs the file itself: the comparison of bytes is given to it instead. */
function contentOf(parsed: ParsedBundle, artifact?: Uint8Array): SignedEntity['signature'] {
  const { signature, signed, payloadSha256 } = parsed;
  return {
    signature,
    compareSignature: (other) => signature.equals(other),
    compareDigest: (digest) => digest.toString('hex') === payloadSha256,
    compareSignedDigest: (digest) => Object.values(signed).includes(digest.toString('hex')),
    verifySignature: (key) => verifyContentSignature(parsed, key, artifact) === true,
  };
}
