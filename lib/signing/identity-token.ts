import { parseStrictJson } from '#lib/model-signing/strict-json.ts';
import { SigningError } from './signing-error.ts';

/** Whom an OpenID Connect token is about, as it says itself: only the certificate authority can tell whether it is true. */
export interface IdentityToken {
  /** The token itself: a secret until it expires. */
  readonly jwt: string;
  readonly issuer: string;
  /** What the certificate authority asks to be signed as proof of the key. */
  readonly subject: string;
}

const JWT = /^[A-Za-z0-9_-]+\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]*$/;
const MAX_LENGTH = 64 * 1024;
const AUDIENCE = 'sigstore';

/**
 * Reads a token (JWT, RFC 7519) far enough to tell early that it cannot be used. Messages never repeat any of it.
 *
 * @param source where it comes from, for messages.
 * @param now milliseconds since the epoch.
 * @throws {SigningError}
 */
export function readIdentityToken(text: string, source: string, now: number): IdentityToken {
  const jwt = text.trim();
  const payload = jwt.length > MAX_LENGTH ? undefined : JWT.exec(jwt)?.[1];
  const claims = payload === undefined ? null : readClaims(payload);
  if (claims === null) throw new SigningError(`${source} is no identity token: a JWT of three parts is needed.`);
  const { iss, sub, email, email_verified: isVerified, exp, aud } = claims;
  if (typeof iss !== 'string' || typeof sub !== 'string' || sub === '') {
    throw new SigningError(`${source} names no issuer or no subject. Get an OpenID Connect identity token.`);
  }
  if (typeof exp === 'number' && exp * 1000 <= now) {
    throw new SigningError(`${source} has expired. Get a new token just before you sign.`);
  }
  if (!(Array.isArray(aud) ? aud : [aud]).includes(AUDIENCE)) {
    throw new SigningError(
      `${source} is for another audience. Ask the issuer for a token with the audience ${AUDIENCE}.`,
    );
  }
  if (typeof email !== 'string' || email === '') return { jwt, issuer: iss, subject: sub };
  if (isVerified === false)
    throw new SigningError(`${source} holds an e-mail address that its issuer has not verified.`);
  return { jwt, issuer: iss, subject: email };
}

function readClaims(payload: string): Readonly<Record<string, unknown>> | null {
  try {
    const claims = parseStrictJson(Buffer.from(payload, 'base64url'), { maxBytes: MAX_LENGTH });
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
