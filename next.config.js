const SECURITY_HEADERS = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'Referrer-Policy', value: 'same-origin' },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
  { key: 'Cross-Origin-Resource-Policy', value: 'same-origin' },
  {
    key: 'Permissions-Policy',
    value: 'camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), payment=(), serial=(), usb=()',
  },
];

/**
 * A worker has the policy that its own script came with. Ours may compile WebAssembly to hash with, which no page may, and
 * cannot send anything anywhere. The development server's workers need more, and are left alone.
 */
const WORKER_POLICY = {
  key: 'Content-Security-Policy',
  value: "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'none'",
};
const isDevelopment = process.env.NODE_ENV === 'development';

/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  agentRules: false,
  // Pages that are not for somebody's role answer 403.
  experimental: { authInterrupts: true },
  images: { unoptimized: true },
  // `npm run check` runs tsc over everything; a build should not fail for a test's types.
  typescript: { ignoreBuildErrors: true },
  headers: async () => [
    // Public pages and badges say their own (app/_public/respond.ts): some are for any page to show.
    { source: '/:path((?!p/|s/|p$|s$).*)', headers: SECURITY_HEADERS },
    ...(isDevelopment ? [] : [{ source: '/_next/static/:path*', headers: [WORKER_POLICY] }]),
  ],
};
