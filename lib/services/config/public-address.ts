import type { OpenDatabase } from '#db/client.ts';
import { configState } from '#db/schema/job.ts';

/**
 * Under which address others reach this server, without a slash at its end, as `access.public-url` of the configuration in
 * force says; null where it says nothing usable, so that addresses stay relative.
 */
export function publicAddress({ db }: OpenDatabase): string | null {
  const inForce = db.select({ inForce: configState.inForce }).from(configState).get()?.inForce;
  if (inForce === undefined) return null;
  const { access } = JSON.parse(inForce) as { access?: Readonly<Record<string, unknown>> };
  const stated = access?.publicUrl ?? access?.['public-url'];
  if (typeof stated !== 'string' || !URL.canParse(stated)) return null;
  const url = new URL(stated);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null;
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}
