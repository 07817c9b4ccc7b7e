import type { Listening } from '#lib/http/local-request.ts';

/** Where this process listens: `npm start` says the host, Next.js the port. */
export function listening(): Listening {
  return { host: process.env.MODELTRAIL_HOST ?? null, port: process.env.PORT ?? null };
}
