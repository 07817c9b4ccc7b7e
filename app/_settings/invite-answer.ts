/** What became of an invitation. The link stands nowhere else. */
export type InviteAnswer =
  | { readonly outcome: 'made'; readonly name: string; readonly link: string }
  | { readonly outcome: 'refused'; readonly reason: string };
