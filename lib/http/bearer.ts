/** The token in Authorization (RFC 6750, 2.1); null where there is none. */
export function bearerIn(headers: Headers): string | null {
  return /^Bearer ([\x21-\x7e]{1,200})$/.exec(headers.get('Authorization') ?? '')?.[1] ?? null;
}
