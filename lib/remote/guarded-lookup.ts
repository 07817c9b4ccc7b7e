import { lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from './public-address.ts';

/** A host leads to a place that a message must not go to. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';
}

export interface Resolved {
  readonly address: string;
  readonly family: number;
}

/** Gives every address of a name. */
export type Resolve = (hostname: string) => Promise<readonly Resolved[]>;

export const systemResolve: Resolve = (hostname) =>
  new Promise((resolve, reject) => {
    systemLookup(hostname, { all: true, verbatim: true }, (error, found) => (error ? reject(error) : resolve(found)));
  });

/**
 * The addresses of a host, which are all on the public network. A name of which one is not is refused whole: it is somebody's
 * attempt, and which of them is taken would be chance.
 *
 * @throws {PrivateAddressError}
 */
export async function resolvePublic(hostname: string, resolve: Resolve = systemResolve): Promise<readonly Resolved[]> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const found = isIP(host) ? [{ address: host, family: isIP(host) }] : await resolve(host);
  if (found.length > 0 && found.every(({ address }) => isPublicAddress(address))) return found;
  throw new PrivateAddressError(
    `${hostname} is not on the public network. Set allow-private: true on the channel if that is meant.`,
  );
}

/** A lookup for sockets: what it gives is connected to, so that a name which changes between look and connection gains nothing. */
export function guardedLookup(resolve: Resolve = systemResolve): LookupFunction {
  return (hostname, options, callback) => {
    resolvePublic(hostname, resolve).then(
      (found) => {
        const wanted = options.family === 4 || options.family === 6 ? options.family : null;
        const fitting = found.filter(({ family }) => wanted === null || family === wanted);
        const [first] = fitting;
        if (!first) callback(new Error(`${hostname} has no address of this family.`), '', 0);
        else if (options.all) callback(null, [...fitting]);
        else callback(null, first.address, first.family);
      },
      (error: Error) => callback(error, '', 0),
    );
  };
}
