/** Issuers whose certificates exist for signing models and nothing else. */
const MODEL_ISSUERS: ReadonlySet<string> = new Set(['https://www.kaggle.com/api/v1/models/signing']);

/** What can be said of an entry for which nobody has shown a bundle: the log holds a digest, not what was signed. */
export function claimWithoutBundle(issuer: string | null): 'probable' | 'unclaimed' {
  return issuer !== null && MODEL_ISSUERS.has(issuer) ? 'probable' : 'unclaimed';
}

const PROVENANCE: ReadonlySet<string | null> = new Set([
  'https://slsa.dev/provenance/v1',
  'https://slsa.dev/provenance/v0.2',
]);

/** What a verified bundle shows of the entry that it is about. */
export interface ShownContent {
  /** Whether it is a model signature whose manifest we hold. */
  readonly signsVersion: boolean;
  readonly predicateType: string | null;
  /** Whether one of its subjects is the OMS root of a version we know. */
  readonly isAboutVersion: boolean;
}

/**
 * A signature over a model's files, or the provenance of files so signed, is a model's; anything else that was shown,
 * such as an evaluation of the model, is something else.
 */
export function claimFromBundles(shown: readonly ShownContent[]): 'model' | 'other' {
  const isModel = shown.some(
    ({ signsVersion, predicateType, isAboutVersion }) =>
      signsVersion || (isAboutVersion && PROVENANCE.has(predicateType)),
  );
  return isModel ? 'model' : 'other';
}
