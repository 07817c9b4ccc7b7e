/** Issuers whose certificates exist for signing models and nothing else. */
const MODEL_ISSUERS: ReadonlySet<string> = new Set(['https://www.kaggle.com/api/v1/models/signing']);

/** What can be said of an entry for which nobody has shown a bundle: the log holds a digest, not what was signed. */
export function claimWithoutBundle(issuer: string | null): 'probable' | 'unclaimed' {
  return issuer !== null && MODEL_ISSUERS.has(issuer) ? 'probable' : 'unclaimed';
}
