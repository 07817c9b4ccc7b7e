import { type NextRequest, NextResponse } from 'next/server';
import { webConfig } from './app/_server/configuration.ts';
import { PATH_HEADER } from './app/_server/path-header.ts';

/** Files handed out as they are: whatever a stranger put into them, a browser must not run it. */
const DOWNLOADS =
  /^\/(?:events\/[^/]+\/(?:entry|proof|checkpoint|bundle)|verifications\/[^/]+\/json|logs\/[^/]+\/(?:key|checkpoints|faults)(?:\/|$)|incidents\/[^/]+\/archive$|mirror\/)/;
/** Complete in themselves, with a policy of their own that names their one style. */
const REPORTS = /^\/incidents\/[^/]+\/report$/;

/** Public pages: they have no nonce, so that they can be cached, and say their own policy (app/_public/respond.ts). */
const PUBLIC = /^\/[ps](?:\/|$)/;

const NOTHING = "default-src 'none'; sandbox; frame-ancestors 'none'";

/**
 * Gives every page a content security policy with its own nonce; no page loads anything from elsewhere. Who may see it is the
 * page's own to say (app/_server/page.tsx): nothing is kept out here.
 */
export function proxy(request: NextRequest): NextResponse {
  const transport = transportSecurity();
  if (PUBLIC.test(request.nextUrl.pathname)) return NextResponse.next({ headers: transport });
  if (DOWNLOADS.test(request.nextUrl.pathname)) {
    return NextResponse.next({ headers: { 'Content-Security-Policy': NOTHING, ...transport } });
  }
  if (REPORTS.test(request.nextUrl.pathname)) return NextResponse.next();
  const nonce = btoa(crypto.randomUUID());
  const policy = pagePolicy(nonce, process.env.NODE_ENV === 'development');
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  headers.set('Content-Security-Policy', policy);
  headers.set(PATH_HEADER, `${request.nextUrl.pathname}${request.nextUrl.search}`);
  return NextResponse.next({ request: { headers }, headers: { 'Content-Security-Policy': policy, ...transport } });
}

/** A browser that has come by https once comes by nothing else for two years. */
function transportSecurity(): Readonly<Record<string, string>> {
  const isHttps = webConfig()?.access.publicUrl?.startsWith('https:') === true;
  return isHttps ? { 'Strict-Transport-Security': 'max-age=63072000' } : {};
}

/** React's development build needs eval and inline styles; the one that is shipped needs neither. */
function pagePolicy(nonce: string, isDevelopment: boolean): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ''}`,
    `style-src 'self' ${isDevelopment ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    // On every page: one that is reached by a link keeps the policy of the page that was loaded first.
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

export const config = { matcher: ['/((?!_next/static|icon.svg|favicon.ico).*)'] };
