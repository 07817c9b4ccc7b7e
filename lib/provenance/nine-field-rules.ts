import {
  type AttestationFacts,
  type InputRole,
  isProvenance,
  type ProvenanceField,
  type StatedValue,
} from '#lib/attestation/facts.ts';
import type { CertificateFacts } from '#lib/watch/certificate.ts';
import { formatUtc } from './format.ts';
import type {
  FieldFinding,
  FieldRule,
  FieldSource,
  FieldValue,
  VersionAttestation,
  VersionEvidence,
  VersionLink,
} from './nine-fields.ts';
import { describeSigner } from './signer.ts';

/** Fulcio's extensions that say what ran (Fulcio OID table, 1.3.6.1.4.1.57264.1.x). */
const COMMIT_OID = '1.3.6.1.4.1.57264.1.13';
const RUN_OID = '1.3.6.1.4.1.57264.1.21';
/** How far a payload's time may be from the proven one before it is another time. */
const TIME_TOLERANCE = 24 * 3_600_000;
const BASES: ReadonlySet<InputRole> = new Set(['base-model', 'quantised-from', 'merged-from']);

export const FIELD_RULES: Readonly<Record<ProvenanceField, FieldRule>> = {
  model_hash: modelHash,
  training_code_commit: (evidence) => comparedWithCertificate(evidence, 'commit', COMMIT_OID, sameText),
  training_data_hash: (evidence) => linked(evidence, ({ role }) => role === 'dataset', 'data set'),
  base_model_hash: baseModel,
  training_environment: environment,
  training_pipeline_id: (evidence) => comparedWithCertificate(evidence, 'invocation', RUN_OID, sameRun),
  signer_identity: signerIdentity,
  timestamp,
  evaluation_results: evaluations,
};

function modelHash({ root, signatures, attestations }: VersionEvidence): FieldFinding {
  const expected = signatures.filter(({ isExpected }) => isExpected);
  const values: FieldValue[] = (expected.length > 0 ? expected : signatures).map(({ bundleId, isExpected }) => ({
    value: root,
    source: 'signature',
    where: 'subject[0].digest.sha256',
    bundleId,
    status: isExpected ? 'proven' : 'claimed',
  }));
  const stated = attestations.map(({ bundleId }) => statement(root, 'subject', bundleId, 'claimed'));
  if (expected.length > 0) return { values: [...values, ...stated], note: 'Recomputed from the signed list of files.' };
  const note =
    signatures.length > 0
      ? 'The list of files is signed, but by nobody who is expected to sign this model.'
      : 'Named by statements only: no signature lists the files of this version.';
  return { values: [...values, ...stated], note };
}

/** A value of the payload beside the one that the certificate authority took from the pipeline's own token. */
function comparedWithCertificate(
  { attestations }: VersionEvidence,
  key: 'commit' | 'invocation',
  oid: string,
  isSame: (stated: string, proven: string) => boolean,
): FieldFinding {
  const what = key === 'commit' ? 'commit' : 'run';
  const values = attestations.flatMap(({ bundleId, facts, certificate, counts }): FieldValue[] => {
    const stated: StatedValue | null = facts[key];
    const proven = counts ? extension(certificate, oid) : null;
    if (proven === null) return stated ? [statement(stated.value, stated.at, bundleId, 'claimed')] : [];
    const certified: FieldValue = { value: proven, source: 'certificate', where: oid, bundleId, status: 'proven' };
    if (!stated) return isProvenance(facts) ? [certified] : [];
    const agrees = isSame(stated.value, proven);
    return [
      { ...certified, status: agrees ? 'proven' : 'conflict' },
      statement(stated.value, stated.at, bundleId, agrees ? 'proven' : 'conflict'),
    ];
  });
  return { values, note: comparedNote(values, what) };
}

function comparedNote(values: readonly FieldValue[], what: string): string {
  if (values.length === 0) return `No statement names the ${what}.`;
  if (values.some(({ status }) => status === 'conflict')) {
    return `The statement names another ${what} than the certificate of the pipeline that signed it.`;
  }
  if (values.some(({ status }) => status === 'proven')) {
    return `The certificate authority vouches for the ${what}: it stands in the signing certificate.`;
  }
  return `Only the statement says so: the certificate of its signer names no ${what}.`;
}

function baseModel(evidence: VersionEvidence): FieldFinding {
  const none = evidence.attestations.flatMap(({ bundleId, facts }) =>
    facts.statesNoBase
      ? [statement(`none (${facts.statesNoBase.value})`, facts.statesNoBase.at, bundleId, 'claimed')]
      : [],
  );
  const found = linked(evidence, ({ role }) => BASES.has(role), 'base model');
  if (none.length === 0) return found;
  if (found.values.length === 0) return { values: none, note: 'Stated to be trained from nothing.' };
  // A stranger's word makes no conflict: else anybody could put one on anybody's model.
  const isContradicted = evidence.links.some((link) => BASES.has(link.role) && !isStrangers(link));
  if (!isContradicted) return { values: [...none, ...found.values], note: 'Stated to be trained from nothing.' };
  const values = [...found.values, ...none].map((value) => ({ ...value, status: 'conflict' as const }));
  return { values, note: 'Stated to be trained from nothing, and yet a base model is named.' };
}

function isStrangers({ bundleId, state }: VersionLink): boolean {
  return bundleId !== null && state === 'declared';
}

/** An input by digest is proven once the thing with that digest is itself signed by who should sign it. */
function linked({ links }: VersionEvidence, isMeant: (link: VersionLink) => boolean, what: string): FieldFinding {
  const meant = links.filter(isMeant);
  const values = meant.map((link): FieldValue => {
    const [digest] = link.digests;
    return {
      value: digest ? `${digest.algorithm}:${digest.digest}` : (link.name ?? 'unnamed'),
      source: link.bundleId === null ? 'declaration' : 'statement',
      where: link.at,
      bundleId: link.bundleId,
      status: link.state === 'verified' ? 'proven' : link.state === 'conflict' ? 'conflict' : 'claimed',
    };
  });
  const worst = meant.find(({ state }) => state === 'conflict') ?? meant.find(({ state }) => state !== 'verified');
  if (meant.length === 0) return { values, note: `No statement and no card names a ${what}.` };
  return { values, note: worst?.reason ?? `Each ${what} is named by its digest and signed itself.` };
}

function environment({ attestations }: VersionEvidence): FieldFinding {
  const values = attestations.flatMap(({ bundleId, facts }) =>
    facts.environment.map(({ label, value, at }) => statement(`${label}: ${value}`, at, bundleId, 'claimed')),
  );
  const note =
    values.length === 0
      ? 'No statement describes it.'
      : 'As the builder says: worth as much as the builder is trusted, for nothing outside can prove it.';
  return { values, note };
}

function signerIdentity({ signatures, attestations }: VersionEvidence): FieldFinding {
  const proven = signatures.map(
    ({ bundleId, signer, isExpected }): FieldValue => ({
      value: describeSigner(signer),
      source: 'certificate',
      where: isExpected ? 'subject alternative name' : 'subject alternative name; not expected to sign this model',
      bundleId,
      status: 'proven',
    }),
  );
  const stated = attestations.flatMap(({ bundleId, facts, signer, counts }): FieldValue[] => {
    const { claimedSigner } = facts;
    if (!claimedSigner) return [];
    const status = claimedSigner.value === signer.san ? 'proven' : 'conflict';
    return [statement(claimedSigner.value, claimedSigner.at, bundleId, counts ? status : 'claimed')];
  });
  const note = stated.some(({ status }) => status === 'conflict')
    ? 'A payload names another signer than the certificate that its signature was made with.'
    : 'From the signing certificate or key, never from a payload.';
  return { values: [...proven, ...stated], note: proven.length === 0 ? 'Nobody has signed the files.' : note };
}

function timestamp({ signatures, attestations }: VersionEvidence): FieldFinding {
  const proven = signatures.flatMap(({ bundleId, signedAt, signedAtSource }): FieldValue[] => {
    if (signedAt === null) return [];
    const source: FieldSource = signedAtSource === 'timestamp-authority' ? 'timestamp authority' : 'log';
    return [{ value: formatUtc(signedAt), source, where: signedAtSource ?? 'log', bundleId, status: 'proven' }];
  });
  const stated = attestations.flatMap((attestation) => statedTimes(attestation));
  const isConflict = stated.some(({ status }) => status === 'conflict');
  if (isConflict)
    return { values: [...proven, ...stated], note: 'A payload gives another time than log or timestamp.' };
  if (proven.length > 0) return { values: [...proven, ...stated], note: 'Proven outside the payload.' };
  const note =
    signatures.length > 0
      ? 'Signed, not logged: nothing shows when.'
      : 'No signature over the files, so no time of signing.';
  return { values: stated, note };
}

function statedTimes({ bundleId, facts, signedAt, counts }: VersionAttestation): FieldValue[] {
  const { claimedTime, finishedAt } = facts;
  const values: FieldValue[] = [];
  if (claimedTime) {
    const time = Date.parse(claimedTime.value);
    const differs = counts && signedAt !== null && !(Math.abs(time - signedAt) <= TIME_TOLERANCE);
    values.push(statement(claimedTime.value, claimedTime.at, bundleId, differs ? 'conflict' : 'claimed'));
  }
  if (counts && finishedAt && signedAt !== null && finishedAt.time > signedAt + 300_000) {
    values.push(
      statement(`finished ${formatUtc(finishedAt.time)}, after it was signed`, finishedAt.at, bundleId, 'conflict'),
    );
  }
  return values;
}

function evaluations({ attestations, signatures, declaredEvaluations }: VersionEvidence): FieldFinding {
  const trainers = new Set(signatures.map(({ signer }) => describeSigner(signer)));
  const values = attestations.flatMap(({ bundleId, facts, signer }) =>
    facts.evaluations.map(({ name, value, on, at }): FieldValue => {
      const isSeparate = isEvaluation(facts) && !trainers.has(describeSigner(signer));
      return statement(
        `${name}: ${value}${on === null ? '' : ` (${on})`}`,
        at,
        bundleId,
        isSeparate ? 'proven' : 'claimed',
      );
    }),
  );
  const declared = declaredEvaluations.map(
    ({ name, value, where }): FieldValue => ({
      value: `${name}: ${value}`,
      source: 'declaration',
      where,
      bundleId: null,
      status: 'claimed',
    }),
  );
  const isProven = values.some(({ status }) => status === 'proven');
  const note = isProven
    ? 'Signed by somebody else than the signer of the model: proven is who measured, not that the measure is good.'
    : values.length + declared.length > 0
      ? 'Stated by the model’s own makers.'
      : 'No results have been stated.';
  return { values: [...values, ...declared], note };
}

function isEvaluation({ kind }: AttestationFacts): boolean {
  return kind === 'test-result' || kind === 'evaluation';
}

function statement(value: string, where: string, bundleId: string, status: FieldValue['status']): FieldValue {
  return { value, source: 'statement', where, bundleId, status };
}

/** The value of an extension that stands once; twice is no answer. */
function extension(certificate: CertificateFacts | null, oid: string): string | null {
  const found = certificate?.extensions.filter((candidate) => candidate.oid === oid) ?? [];
  return found.length === 1 ? (found[0]?.value ?? null) : null;
}

function sameText(stated: string, proven: string): boolean {
  return stated.toLowerCase() === proven.toLowerCase();
}

/** Pipelines give the run's address with or without its attempt. */
function sameRun(stated: string, proven: string): boolean {
  const withoutAttempt = (run: string) => run.replace(/\/attempts\/\d{1,9}$/, '');
  return withoutAttempt(stated) === withoutAttempt(proven);
}
