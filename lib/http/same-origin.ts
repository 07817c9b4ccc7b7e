/**
 * Whether a request was made by a page of this very server. Browsers say so themselves, and no page can make them lie;
 * what says nothing is refused: programs have tokens.
 */
export function isSameOrigin(headers: Headers): boolean {
  const site = headers.get('Sec-Fetch-Site');
  if (site !== null) return site === 'same-origin';
  const origin = headers.get('Origin');
  const host = headers.get('Host');
  if (origin === null || host === null || !URL.canParse(origin)) return false;
  return new URL(origin).host === host;
}
