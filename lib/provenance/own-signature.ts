import type { BundleSignerNames, SignerPolicies, SignerPolicy } from './expected-signer.ts';
import { formatUtc, TIME_SOURCES, type TimeSource } from './format.ts';
import type { ArtifactKind, SignatureState } from './link-state.ts';
import { describeSigner, isSameSigner } from './signer.ts';
import { elideMiddle, showText } from './untrusted-text.ts';

/** A verified signature over an artifact. */
export interface ArtifactSignature extends BundleSignerNames {
  readonly bundleId: string;
  /** Over a model's list of files, over a digest, or a statement that describes a thing that is no model. */
  readonly by: 'files' | 'digest' | 'statement';
  /** The model's name that was signed with the files; null for the others. */
  readonly signedName: string | null;
  /** Milliseconds; null where nothing proves a time. */
  readonly signedAt: number | null;
  readonly signedAtSource: TimeSource | null;
}

/** What is known of an artifact before it is judged. */
export interface SignedArtifact {
  readonly kind: ArtifactKind;
  /** Names of the models that it is, else what it is called. */
  readonly names: readonly string[];
  /** Whether more than a mention of it has been seen. */
  readonly isSeen: boolean;
  readonly signatures: readonly ArtifactSignature[];
}

export interface OwnSignature {
  readonly state: SignatureState;
  readonly reason: string;
  /** Earliest proven time of a signature that counts, in ms. */
  readonly signedAt: number | null;
  /** The signature that the state is of. */
  readonly deciding: ArtifactSignature | null;
}

/** Judges an artifact's own signatures by the policies for its names; where no policy is about it, any verified one counts. */
export function judgeSignature(artifact: SignedArtifact, policies: SignerPolicies): OwnSignature {
  const ordered = [...artifact.signatures].sort(
    (a, b) => (a.signedAt ?? Infinity) - (b.signedAt ?? Infinity) || (a.bundleId < b.bundleId ? -1 : 1),
  );
  const counting = ordered.filter((signature) => countsAsSignature(artifact, signature, policies));
  const logged = counting.find(({ method }) => method === 'sigstore');
  const deciding = logged ?? counting[0] ?? ordered[0] ?? null;
  const signedAt = counting.find((signature) => signature.signedAt !== null)?.signedAt ?? null;
  if (deciding === null) return unsigned(artifact);
  const who = nameSigner(deciding);
  if (counting.length === 0) {
    return {
      state: 'unexpected',
      reason: `Signed by ${who}, who is not expected to sign it.`,
      signedAt: null,
      deciding,
    };
  }
  if (logged) return { state: 'verified', reason: `Signed by ${who}${when(logged)}.`, signedAt, deciding };
  return {
    state: 'unlogged',
    reason: `Signed by ${who}, whom the operator trusts; no log holds it.`,
    signedAt,
    deciding,
  };
}

function unsigned({ isSeen }: SignedArtifact): OwnSignature {
  return isSeen
    ? { state: 'unsigned', reason: 'No verified signature over it has been seen.', signedAt: null, deciding: null }
    : { state: 'unknown', reason: 'Nothing but a mention of it has been seen.', signedAt: null, deciding: null };
}

/** Files signed under a name are judged by the policy for that name; a name of the signer's own choice escapes no policy. */
function countsAsSignature(artifact: SignedArtifact, signature: ArtifactSignature, policies: SignerPolicies): boolean {
  const about = policiesOf(artifact, policies);
  if (about.length === 0) return true;
  if (signature.signedName === null) return about.some((policy) => policy.isSigner(signature));
  return policies.policyFor(signature.signedName)?.isSigner(signature) ?? false;
}

/**
 * Whether a signer has a say on where an artifact comes from: signers and attesters of the policies for its names; without
 * any, who signed the artifact itself, or (`isOwn`) whom a watch rule names as the own organisation.
 */
export function isAttesterOf(
  artifact: SignedArtifact,
  signer: BundleSignerNames,
  isOwn: boolean,
  policies: SignerPolicies,
): boolean {
  const about = policiesOf(artifact, policies);
  if (about.length > 0) return about.some((policy) => policy.isAttester(signer));
  if (isOwn) return true;
  const { san, issuer, method } = signer;
  if (san === null) return false;
  const whole = artifact.signatures.filter(({ by }) => by !== 'statement');
  return (whole.length > 0 ? whole : artifact.signatures).some(
    (other) =>
      other.method === method &&
      other.san !== null &&
      isSameSigner({ san, issuer }, { san: other.san, issuer: other.issuer }),
  );
}

/**
 * Whether a signer may withdraw an artifact: a signer of the policies for its names; without any, who made the signature that
 * the artifact is known by. A later signature by somebody else gives no say: anybody can sign files that they have.
 */
export function mayRetract(artifact: SignedArtifact, signer: BundleSignerNames, policies: SignerPolicies): boolean {
  const about = policiesOf(artifact, policies);
  if (about.length > 0) return about.some((policy) => policy.isSigner(signer));
  const { deciding } = judgeSignature(artifact, policies);
  const { san, issuer, method } = signer;
  if (deciding === null || san === null || deciding.san === null || deciding.method !== method) return false;
  return isSameSigner({ san, issuer }, { san: deciding.san, issuer: deciding.issuer });
}

function policiesOf({ names }: SignedArtifact, policies: SignerPolicies): SignerPolicy[] {
  return names.flatMap((name) => policies.policyFor(name) ?? []);
}

function nameSigner({ san, issuer }: BundleSignerNames): string {
  return san === null ? 'somebody without a name' : elideMiddle(showText(describeSigner({ san, issuer })), 240);
}

function when({ signedAt, signedAtSource }: ArtifactSignature): string {
  if (signedAt === null) return '';
  return `, ${formatUtc(signedAt)}${signedAtSource === null ? '' : ` (${TIME_SOURCES[signedAtSource]})`}`;
}
