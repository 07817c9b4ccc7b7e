import type { ProvenanceField } from '#lib/attestation/facts.ts';
import { formatUtc } from './format.ts';
import type { LinkState, SignatureState } from './link-state.ts';
import type { FieldRow } from './nine-fields.ts';
import { type RegisteredClash, registeredMismatch } from './registration-findings.ts';
import type { SeenAs } from './seen-as.ts';
import { describeSigner, isSameRepository, isSameSigner, type SignerName } from './signer.ts';

/** The worst first. */
export const FINDING_KINDS = [
  'unexpected-signer',
  'broken-link',
  'field-conflict',
  'hash-mismatch',
  'registered-mismatch',
  'changed-signer',
  'changed-workflow',
  'lost-provenance',
  'partial-provenance',
  'unsigned-version',
] as const;

export type FindingKind = (typeof FINDING_KINDS)[number];

/** Something about a version that somebody should look at. */
export interface Finding {
  readonly kind: FindingKind;
  /** Null where it is about the model as a whole. */
  readonly versionId: string | null;
  /** Tells apart findings of one kind about one version; part of the finding's id. */
  readonly key: string;
  readonly bundleId: string | null;
  /** One sentence for people. */
  readonly statement: string;
  readonly evidence: Readonly<Record<string, string>>;
}

/** A version with what findings are made from. */
export interface VersionRecord {
  readonly versionId: string;
  readonly root: string;
  readonly label: string | null;
  readonly seenAs: SeenAs;
  /** Proven time of its first signature, else when it was first seen; milliseconds. What versions are ordered by. */
  readonly at: number;
  /** Verified signatures over its files. */
  readonly signatures: readonly RecordedSignature[];
  /** Kinds of verified statements of provenance whose signers count. */
  readonly provenance: number;
  readonly fields: readonly FieldRow[];
  readonly signature: SignatureState;
  readonly weakest: LinkState | null;
  /** The weakest link in words; null without one. */
  readonly weakestReason: string | null;
}

export interface RecordedSignature {
  readonly bundleId: string;
  readonly signer: SignerName;
  readonly at: number;
  /** Null where no policy says who is expected. */
  readonly isExpected: boolean | null;
}

export interface ModelRecord {
  readonly name: string;
  /** The name of the policy that holds for it; null without one. */
  readonly policy: string | null;
  readonly requireProvenance: boolean;
  readonly versions: readonly VersionRecord[];
  /** Files that go by the label of a registration, and are others than were registered. */
  readonly clashes: readonly RegisteredClash[];
}

/** Fields that provenance itself states: evaluations come apart from it and later, signer and time from elsewhere. */
const ORIGIN_FIELDS: readonly ProvenanceField[] = [
  'training_code_commit',
  'training_data_hash',
  'base_model_hash',
  'training_environment',
  'training_pipeline_id',
];

type Rule = (version: VersionRecord, before: VersionRecord | null, model: ModelRecord) => Finding[];

const RULES: readonly Rule[] = [
  unexpectedSigners,
  changedSigner,
  lostProvenance,
  partialProvenance,
  unsignedVersion,
  brokenLinkOf,
  fieldConflicts,
];

/** What there is to say of a model: each version by itself, and compared with the version before it. */
export function findingsOf(model: ModelRecord): Finding[] {
  const ordered = [...model.versions].sort((a, b) => a.at - b.at || (a.versionId < b.versionId ? -1 : 1));
  const compared = ordered.flatMap((version, i) => {
    const before = ordered.slice(0, i).findLast(({ signatures }) => signatures.length > 0) ?? null;
    return RULES.flatMap((rule) => rule(version, before, model));
  });
  return [...compared, ...model.clashes.map(registeredMismatch)];
}

function unexpectedSigners(version: VersionRecord, _before: VersionRecord | null, { policy }: ModelRecord): Finding[] {
  return version.signatures
    .filter(({ isExpected }) => isExpected === false)
    .map(({ bundleId, signer }) => ({
      kind: 'unexpected-signer',
      versionId: version.versionId,
      key: bundleId,
      bundleId,
      statement: `${called(version)} was signed by ${signer.san}, whom the expectation “${policy}” does not name.`,
      evidence: { identity: signer.san, issuer: signer.issuer ?? 'none', expectation: policy ?? '' },
    }));
}

/** Of two signers that are both expected neither is a surprise. */
function changedSigner(version: VersionRecord, before: VersionRecord | null): Finding[] {
  const [now] = version.signatures;
  if (!now || !before || now.isExpected !== null) return [];
  const earlier = before.signatures.find(({ signer }) => isSameSigner(signer, now.signer));
  const [previous] = before.signatures;
  if (earlier || !previous) return [];
  const isWorkflow =
    previous.signer.issuer === now.signer.issuer && isSameRepository(previous.signer.san, now.signer.san);
  return [
    {
      kind: isWorkflow ? 'changed-workflow' : 'changed-signer',
      versionId: version.versionId,
      key: '',
      bundleId: now.bundleId,
      statement: isWorkflow
        ? `${called(version)} was signed by another workflow of the same repository than the version before.`
        : `${called(version)} was signed by ${now.signer.san}; the version before by ${previous.signer.san}.`,
      evidence: {
        before: describeSigner(previous.signer),
        now: describeSigner(now.signer),
        'version before': before.root,
        'signed before': formatUtc(previous.at),
      },
    },
  ];
}

function lostProvenance(version: VersionRecord, before: VersionRecord | null, model: ModelRecord): Finding[] {
  if (version.provenance > 0 || isAwaited(version)) return [];
  const isLost = before !== null && before.provenance > 0;
  if (!isLost && !model.requireProvenance) return [];
  return [
    {
      kind: 'lost-provenance',
      versionId: version.versionId,
      key: '',
      bundleId: null,
      statement: isLost
        ? `${called(version)} has no provenance; the version before had it.`
        : `${called(version)} has no provenance, which the expectation “${model.policy}” asks for.`,
      evidence: isLost ? { 'version before': before.root } : { expectation: model.policy ?? '' },
    },
  ];
}

function partialProvenance(version: VersionRecord, before: VersionRecord | null): Finding[] {
  if (version.provenance === 0 || !before || before.provenance === 0) return [];
  const missing = ORIGIN_FIELDS.filter((field) => has(before, field) && !has(version, field));
  if (missing.length === 0) return [];
  return [
    {
      kind: 'partial-provenance',
      versionId: version.versionId,
      key: '',
      bundleId: null,
      statement: `${called(version)} lacks what the version before stated: ${missing.join(', ')}.`,
      evidence: { missing: missing.join(', '), 'version before': before.root },
    },
  ];
}

function unsignedVersion(version: VersionRecord, before: VersionRecord | null): Finding[] {
  if (version.signatures.length > 0 || !before || isAwaited(version)) return [];
  return [
    {
      kind: 'unsigned-version',
      versionId: version.versionId,
      key: '',
      bundleId: null,
      statement: `${called(version)} is signed by nobody; versions before it were signed.`,
      evidence: { root: version.root, 'version before': before.root },
    },
  ];
}

/** Registered before anybody signed, as releases are made: its signature and provenance are still to come. */
function isAwaited({ seenAs, signatures }: VersionRecord): boolean {
  return seenAs === 'registered' && signatures.length === 0;
}

/** Whether a chain with this weakest link is broken: other links are short of proof, these speak against it. */
export function isBroken(weakest: LinkState | null): boolean {
  return weakest === 'parent-unsigned' || weakest === 'conflict';
}

/** What is broken upstream of a version, if anything is: one finding or none. */
export function brokenLinkOf(
  version: Pick<VersionRecord, 'versionId' | 'root' | 'label' | 'weakest' | 'weakestReason'>,
): Finding[] {
  const { weakest, weakestReason } = version;
  if (weakest === null || !isBroken(weakest)) return [];
  return [
    {
      kind: 'broken-link',
      versionId: version.versionId,
      key: '',
      bundleId: null,
      statement: `${called(version)} has a broken chain: ${weakestReason ?? 'a link upstream'}`,
      evidence: { 'weakest link': weakest, root: version.root },
    },
  ];
}

function fieldConflicts(version: VersionRecord): Finding[] {
  return version.fields
    .filter(({ status }) => status === 'conflict')
    .map(({ field, note, values }) => ({
      kind: 'field-conflict',
      versionId: version.versionId,
      key: field,
      bundleId: values.find(({ status }) => status === 'conflict')?.bundleId ?? null,
      statement: `${called(version)} has a conflict in ${field}: ${note}`,
      evidence: Object.fromEntries(
        values.slice(0, 10).map(({ value, source, where }) => [`${source}, ${where}`, value]),
      ),
    }));
}

function has({ fields }: VersionRecord, field: ProvenanceField): boolean {
  return fields.some((row) => row.field === field && row.status !== 'absent');
}

function called({ label, root }: Pick<VersionRecord, 'label' | 'root'>): string {
  return label === null ? `The version ${root.slice(0, 12)}…` : `Version ${label}`;
}
