/** The page of a model, at one of its versions. */
export function versionUrl(slug: string, versionId: string | null): string {
  return versionId === null ? `/models/${slug}` : `/models/${slug}?version=${encodeURIComponent(versionId)}`;
}

/** What changed between two versions of a model. */
export function diffUrl(slug: string, from: string, to: string): string {
  return `/models/${slug}/diff?${new URLSearchParams({ from, to })}`;
}

/** The page of a thing by one of its names. */
export function artifactUrl({ scheme, value }: { readonly scheme: string; readonly value: string }): string {
  return `/artifacts/${encodeURIComponent(scheme)}/${encodeURIComponent(value)}`;
}

/** The page of an identity at its issuer; without an issuer, of the one that names none. */
export function identityUrl(san: string, issuer: string | null): string {
  return `/identity?${new URLSearchParams(issuer === null ? { san } : { san, issuer })}`;
}
