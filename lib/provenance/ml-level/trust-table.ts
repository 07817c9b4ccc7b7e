import type { CertificateFacts } from '#lib/watch/certificate.ts';
import { isCertificateOf } from './certificate-match.ts';

/** A pair of signer and builder that the operator accepts, and up to which level of SLSA's build track. Nothing is a pattern. */
export interface TrustedBuilder {
  readonly name: string;
  /** `builder.id` as provenance gives it. */
  readonly id: string;
  /** Whose certificate signs that provenance. */
  readonly identity: string;
  readonly issuer: string;
  readonly level: 2 | 3;
  /** Whether the operator knows that it runs on hosted machines, where no certificate can say so. */
  readonly hosted: boolean;
  /** The reusable workflow that makes the provenance, with the commits of it that are accepted; null below level 3. */
  readonly workflow: { readonly uri: string; readonly commits: readonly string[] } | null;
  /** Every external parameter that its builds take; null where the operator did not list them. */
  readonly parameters: readonly string[] | null;
}

/** Who is believed on how source code was reviewed. */
export interface SourceVerifier {
  readonly name: string;
  /** `verifier.id` as its summaries give it. */
  readonly id: string;
  readonly identity: string;
  readonly issuer: string;
}

/** Whom the operator believes on builds and source code: the sole source of SLSA levels. */
export interface TrustTable {
  readonly builders: readonly TrustedBuilder[];
  /** Issuers whose tokens go to pipelines and never to people. */
  readonly ciIssuers: readonly string[];
  readonly sourceVerifiers: readonly SourceVerifier[];
}

export const NO_TRUST: TrustTable = { builders: [], ciIssuers: [], sourceVerifiers: [] };

/** The row for a statement's signer and the builder that it names; null where the pair is not known. */
export function findBuilder(
  { builders }: TrustTable,
  certificate: CertificateFacts | null,
  builderId: string | null,
): TrustedBuilder | null {
  return builders.find((row) => row.id === builderId && isCertificateOf(certificate, row)) ?? null;
}

/** The row for who signed a summary and the verifier that it names; null where the pair is not known. */
export function findVerifier(
  { sourceVerifiers }: TrustTable,
  certificate: CertificateFacts | null,
  verifierId: string | null,
): SourceVerifier | null {
  return sourceVerifiers.find((row) => row.id === verifierId && isCertificateOf(certificate, row)) ?? null;
}
