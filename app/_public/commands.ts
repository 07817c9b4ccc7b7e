import {
  canQuote,
  modelCommand,
  type SignerToVerify,
  shellQuote,
  type VerifyCommand,
} from '#lib/provenance/verify-commands.ts';
import type { PublicVersion } from '#lib/services/sharing/get-public.ts';
import type { PublicProof } from '#lib/services/sharing/public-proofs.ts';

/** Bundles for which commands are written out. */
const MOST = 3;

/** Commands of three programs that check what a page says; their names for the same things differ. */
export function commandsFor({ proofs, root }: PublicVersion, hasOwnTrustRoot: boolean): readonly VerifyCommand[] {
  const all = (proofs ?? []).filter(({ method }) => method === 'sigstore');
  const newest = all.find(({ kind }) => kind === 'signature');
  const statements = all.filter(({ kind }) => kind === 'attestation').slice(0, MOST);
  return [
    ...(newest ? [modeltrail(newest, hasOwnTrustRoot), modelSigning(newest, hasOwnTrustRoot)] : []),
    ...[...(newest ? [newest] : []), ...statements].map((proof) => cosign(proof, root, hasOwnTrustRoot)),
  ].filter((command) => command !== null);
}

function fileOf({ key }: PublicProof): string {
  return `${key}.sigstore.json`;
}

function quotable({ san, issuer }: PublicProof): { san: string; issuer: string } | null {
  return san !== null && issuer !== null && canQuote(san) && canQuote(issuer) ? { san, issuer } : null;
}

function modeltrail(proof: PublicProof, hasOwnTrustRoot: boolean): VerifyCommand | null {
  const signer = quotable(proof);
  if (!signer) return null;
  return {
    title: 'modeltrail',
    explanation: 'Files, signature, certificate and log; put the model into the folder model.',
    command: lines([
      'modeltrail verify model',
      `--signature ${fileOf(proof)}`,
      `--identity ${shellQuote(signer.san)}`,
      `--issuer ${shellQuote(signer.issuer)}`,
      ...(hasOwnTrustRoot ? ['--trusted-root trusted_root.json'] : []),
    ]),
  };
}

function modelSigning(proof: PublicProof, hasOwnTrustRoot: boolean): VerifyCommand | null {
  const signer: SignerToVerify = { san: proof.san, issuer: proof.issuer, hasOwnTrustRoot };
  const command = modelCommand(signer, fileOf(proof));
  return command && { ...command, title: 'model_signing', explanation: 'The same, by the library of OpenSSF.' };
}

/** Cosign knows no models: it is told the root, which one of the other two works out from the files. */
function cosign(proof: PublicProof, root: string, hasOwnTrustRoot: boolean): VerifyCommand | null {
  const signer = quotable(proof);
  const type = proof.predicateType;
  if (!signer || type === null || !canQuote(type)) return null;
  return {
    title: proof.kind === 'signature' ? 'cosign' : 'cosign, the statement',
    explanation: 'Signature, certificate and log over the digest of all files; it hashes no files.',
    command: lines([
      'cosign verify-blob-attestation',
      `--bundle ${fileOf(proof)}`,
      `--digest ${root} --digestAlg sha256`,
      `--type ${shellQuote(type)}`,
      `--certificate-identity ${shellQuote(signer.san)}`,
      `--certificate-oidc-issuer ${shellQuote(signer.issuer)}`,
      ...(hasOwnTrustRoot ? ['--trusted-root trusted_root.json'] : []),
    ]),
  };
}

function lines(parts: readonly string[]): string {
  return parts.join(' \\\n  ');
}
