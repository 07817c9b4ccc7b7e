/** What became of a form that makes a secret, which stands here once and nowhere else. */
export type SecretAnswer =
  | { readonly outcome: 'made'; readonly name: string; readonly secret: string }
  | { readonly outcome: 'refused'; readonly reason: string };

export type SecretAction = (before: SecretAnswer | null, form: FormData) => Promise<SecretAnswer>;
