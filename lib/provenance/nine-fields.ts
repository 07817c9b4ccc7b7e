import {
  type AttestationFacts,
  PROVENANCE_FIELDS,
  type ProvenanceField,
  type StatedInput,
} from '#lib/attestation/facts.ts';
import type { CertificateFacts } from '#lib/watch/certificate.ts';
import type { LinkState } from './link-state.ts';
import { FIELD_RULES } from './nine-field-rules.ts';
import type { SignerName } from './signer.ts';

/** `proven` by something besides the payload's own word; `claimed` by it alone; `conflict` where the two differ. */
export type FieldStatus = 'proven' | 'claimed' | 'absent' | 'conflict';

/** Where a value was read. */
export type FieldSource = 'statement' | 'certificate' | 'log' | 'timestamp authority' | 'signature' | 'declaration';

export interface FieldValue {
  readonly value: string;
  readonly source: FieldSource;
  /** The field of the document, or of the certificate, or what proves a time. */
  readonly where: string;
  /** The bundle it stands in; null for unsigned files. */
  readonly bundleId: string | null;
  /** How it stands beside the others. */
  readonly status: Exclude<FieldStatus, 'absent'>;
}

export interface FieldRow {
  readonly field: ProvenanceField;
  readonly status: FieldStatus;
  readonly values: readonly FieldValue[];
  /** One sentence: how it is known, or why not. */
  readonly note: string;
}

/** A verified signature over the version's files. */
export interface VersionSignature {
  readonly bundleId: string;
  readonly signer: SignerName;
  /** Milliseconds; null for what is signed but not logged. */
  readonly signedAt: number | null;
  readonly signedAtSource: string | null;
  /** Whether it is by somebody who is expected to sign this model. */
  readonly isExpected: boolean;
}

/** A verified statement about the version. */
export interface VersionAttestation {
  readonly bundleId: string;
  readonly signer: SignerName;
  readonly signedAt: number | null;
  readonly signedAtSource: string | null;
  /** Whether this signer's word on where the model comes from counts; others' is shown as claimed. */
  readonly counts: boolean;
  readonly facts: AttestationFacts;
  readonly certificate: CertificateFacts | null;
}

/** An input of the version with what was found of it. */
export interface VersionLink extends Pick<StatedInput, 'role' | 'name' | 'digests' | 'at'> {
  readonly bundleId: string | null;
  readonly state: LinkState;
  readonly reason: string;
}

export interface VersionEvidence {
  /** OMS root in lowercase hex. */
  readonly root: string;
  readonly signatures: readonly VersionSignature[];
  readonly attestations: readonly VersionAttestation[];
  readonly links: readonly VersionLink[];
  /** Evaluations that unsigned files declare. */
  readonly declaredEvaluations: readonly { readonly name: string; readonly value: string; readonly where: string }[];
}

/** What a rule says of its field; the worst status of its values where it gives none itself. */
export interface FieldFinding {
  readonly values: readonly FieldValue[];
  readonly note: string;
}

export type FieldRule = (evidence: VersionEvidence) => FieldFinding;

/**
 * The nine fields of a model's provenance, whatever kinds of statement they come from: each with its values, where each
 * was read, and whether something besides the payload proves it. Signer and time are never taken from a payload.
 */
export function nineFields(evidence: VersionEvidence): FieldRow[] {
  return PROVENANCE_FIELDS.map((field) => {
    const { values, note } = FIELD_RULES[field](evidence);
    return { field, status: statusOf(values), values, note };
  });
}

/** One conflict is a conflict; one proof among agreeing values proves them. */
function statusOf(values: readonly FieldValue[]): FieldStatus {
  if (values.length === 0) return 'absent';
  if (values.some(({ status }) => status === 'conflict')) return 'conflict';
  return values.some(({ status }) => status === 'proven') ? 'proven' : 'claimed';
}
