import { hash } from 'node:crypto';

export type Caching = 'public' | 'private' | 'for-ever';

export interface PublicAnswer {
  readonly status?: 200 | 404 | 410 | 429 | 503;
  readonly type: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly caching: Caching;
  /** Stands for the body where making that is dear; the body's own hash where not said. */
  readonly tag?: string;
  /** The name of a file to keep. */
  readonly file?: string;
  readonly policy?: string;
  /** Whether other sites may show or read it: badges, feeds, previews and proofs. */
  readonly isForOthers?: boolean;
  readonly more?: Readonly<Record<string, string>>;
}

const CACHING: Readonly<Record<Caching, string>> = {
  public: 'public, max-age=60, stale-while-revalidate',
  private: 'private, no-store',
  'for-ever': 'public, max-age=31536000, immutable',
};

/** Whatever a stranger put into a file, a browser must not run it. */
export const NOTHING_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'";

export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  // For the list of files; nothing is ever sent.
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A worker has the policy of its own script: it may compile WebAssembly to hash with, and reach nothing. */
export const SCRIPT_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'none'";

/**
 * An answer to the public: with a tag, and without its body where the asker has it. It never sets a cookie, and is the same
 * whoever asks.
 */
export function respond(request: Request, answer: PublicAnswer): Response {
  const { status = 200, type, body, caching, file, isForOthers = false } = answer;
  const headers = new Headers({
    'Cache-Control': CACHING[caching],
    'Content-Security-Policy': answer.policy ?? NOTHING_POLICY,
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': caching === 'private' ? 'no-referrer' : 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': isForOthers ? 'cross-origin' : 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    ...(isForOthers ? { 'Access-Control-Allow-Origin': '*' } : {}),
    ...(caching === 'private' ? { 'X-Robots-Tag': 'noindex, nofollow' } : {}),
    ...answer.more,
  });
  if (status === 200 && caching !== 'private') {
    const tag = `W/"${answer.tag ?? hash('sha256', body, 'base64url').slice(0, 27)}"`;
    headers.set('ETag', tag);
    if (hasTag(request.headers.get('If-None-Match'), tag)) return new Response(null, { status: 304, headers });
  }
  headers.set('Content-Type', type);
  if (file !== undefined) headers.set('Content-Disposition', `attachment; filename="${safeName(file)}"`);
  return new Response(request.method === 'HEAD' ? null : body, { status, headers });
}

/** Whether a request's If-None-Match names the tag (RFC 9110, 13.1.2: compared weakly). */
export function hasTag(stated: string | null, tag: string): boolean {
  const plain = (text: string) => text.trim().replace(/^W\//, '');
  const tags = stated?.slice(0, 2000).split(',') ?? [];
  return tags.some((one) => one.trim() === '*' || plain(one) === plain(tag));
}

function safeName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9._-]/g, '_').slice(0, 120);
}
