/** A cookie of ours: browsers send it back to this origin only, never to a script, and not with what other sites begin. */
export interface Cookie {
  readonly name: string;
  readonly value: string;
  /** Seconds; 0 takes it away. */
  readonly maxAge: number;
  /** Whether the dashboard is opened by https. */
  readonly isSecure: boolean;
}

/**
 * The name of a cookie as browsers are told it. Behind https it has the prefix `__Host-` (RFC 6265bis 4.1.3.2), which no other
 * host, path or plain connection can write.
 */
export function cookieName(name: string, isSecure: boolean): string {
  return `${isSecure ? '__Host-' : ''}${name}`;
}

/** The value of the header Set-Cookie. */
export function formatCookie({ name, value, maxAge, isSecure }: Cookie): string {
  const parts = [`${cookieName(name, isSecure)}=${value}`, 'Path=/', `Max-Age=${maxAge}`, 'HttpOnly', 'SameSite=Lax'];
  return [...parts, ...(isSecure ? ['Secure'] : [])].join('; ');
}

/** What a request brings back of a cookie; null where it has none, or several: one of them is not ours. */
export function readCookie(headers: Headers, name: string, isSecure: boolean): string | null {
  const start = `${cookieName(name, isSecure)}=`;
  const found = (headers.get('Cookie') ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(start));
  return found.length === 1 ? (found[0]?.slice(start.length) ?? null) : null;
}
