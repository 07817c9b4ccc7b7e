import type { Context } from 'hono';

/** Bytes of somebody else's making, as a download: no browser may take them for a page of ours. */
export function sendBytes(c: Context, bytes: Uint8Array, { type, name }: { type: string; name: string }): Response {
  return c.body(Uint8Array.from(bytes), 200, {
    'Content-Type': type,
    'Content-Disposition': `attachment; filename="${name}"`,
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': 'sandbox',
  });
}
