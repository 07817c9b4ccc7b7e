import { lookup as resolveName } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** An address that may not be asked, because it is not on the public network. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';
}

/** Whether an IP address is one that the whole network routes to one machine, as IANA's registries have it. */
export function isPublicAddress(address: string): boolean {
  // An IPv4 address written as IPv6 is what it is.
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
}

/** @throws {PrivateAddressError} where a host is written as an address that is not on the public network: nothing resolves it. */
export function refusePrivateLiteral(hostname: string): void {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isPublicAddress(host)) throw new PrivateAddressError(`${host} is not on the public network`);
}

/**
 * Resolves names for connections that may leave for the public network alone. The address that was looked at is the one
 * that is connected to: a name that changes its mind between the two gains nothing.
 */
export const lookUpPublic: LookupFunction = (hostname, options, callback) => {
  resolveName(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '', 0);
    const inside = addresses.find(({ address }) => !isPublicAddress(address));
    const [first] = addresses;
    if (inside !== undefined || first === undefined) {
      const what = `${hostname} is at ${inside?.address ?? 'no address'}, which is not on the public network`;
      return callback(new PrivateAddressError(what), '', 0);
    }
    return options.all === true ? callback(null, addresses) : callback(null, first.address, first.family);
  });
};
