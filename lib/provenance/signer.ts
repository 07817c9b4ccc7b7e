/** What CI providers put between a workflow and the branch or tag that it ran on. */
const REF = '@refs/';

/**
 * Who signed, for telling signers apart: the identity, of a workflow without its branch or tag. A release workflow has
 * another identity with each tag, yet it is one signer; the identity in full is always shown beside its signatures.
 */
export function signerOf(san: string | null): string | null {
  if (san === null || !/^https?:\/\//.test(san)) return san;
  const at = san.indexOf(REF);
  return at < 0 ? san : san.slice(0, at);
}
