import { isSentBy, ownOrigin } from '#lib/http/same-origin.ts';
import { webConfig } from './configuration.ts';
import { listening } from './listening.ts';

/** Why a request that changes something cannot be one of our pages'; null where it can. */
export function refusalOfForeign(headers: Headers): string | null {
  const config = webConfig();
  if (config === null) return 'The configuration cannot be read, so that nothing can be changed here.';
  const origin = ownOrigin(headers, listening(), config.access.publicUrl);
  if (origin === null)
    return 'The page was opened by an address that the configuration does not know: set access.public-url.';
  return isSentBy(headers, origin)
    ? null
    : `The form was sent from another site. Open ${origin}, and send it from there.`;
}
