/** Days until a token runs out, as the form offers them. */
export const EXPIRIES = ['7', '30', '90', '365', 'never'] as const;

/** What became of the form; the token stands here once, and nowhere else. */
export type TokenAnswer =
  | { readonly outcome: 'made'; readonly token: string; readonly name: string }
  | { readonly outcome: 'refused'; readonly reason: string };
