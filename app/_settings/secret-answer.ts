/** What a form said, by the names of its fields: whoever is refused need not fill it in again. */
export type Given = Readonly<Record<string, readonly string[]>>;

/** What became of a form that makes a secret, which stands here once and nowhere else. */
export type SecretAnswer =
  | { readonly outcome: 'made'; readonly name: string; readonly secret: string }
  | { readonly outcome: 'refused'; readonly reason: string; readonly given: Given };

export type SecretAction = (before: SecretAnswer | null, form: FormData) => Promise<SecretAnswer>;

/** That nothing was made, and what was filled in. */
export function refused(form: FormData, reason: string): SecretAnswer {
  const given: Record<string, string[]> = {};
  for (const [name, value] of form) {
    // Names with a dollar are of the framework.
    if (typeof value === 'string' && !name.startsWith('$')) given[name] = [...(given[name] ?? []), value.slice(0, 200)];
  }
  return { outcome: 'refused', reason, given };
}
