const LONGEST = 2000;

/** Where to go after a sign-in: a path of this very site, whatever somebody put into a link; `/` for all else. */
export function nextPath(text: string | null | undefined): string {
  if (typeof text !== 'string' || text.length > LONGEST || !/^\/[\x21-\x5b\x5d-\x7e]*$/.test(text)) return '/';
  const base = 'http://own.invalid';
  if (!URL.canParse(text, base)) return '/';
  const { origin, pathname, search, hash } = new URL(text, base);
  if (origin !== base || pathname.startsWith('//') || /^\/(?:sign-in|sign-out|setup|invitation)(?:\/|$)/.test(pathname))
    return '/';
  return `${pathname}${search}${hash}`;
}
