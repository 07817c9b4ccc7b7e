import ipaddr from 'ipaddr.js';

/** Names that resolvers keep for machines inside (RFC 6761, RFC 6762, RFC 8375, and what networks use). */
const INSIDE = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home\.arpa|localdomain|test|invalid|onion)$/;

/**
 * Why an address is none that a server on the public network has, by its spelling alone; null where it may be one. What a
 * name resolves to is looked at again with every connection (lib/remote/guarded-lookup.ts).
 */
export function refusalOfAddress(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) return 'is not an address';
  if (url.protocol !== 'https:') return 'is not https';
  // The parser has written out every other way to spell an IPv4 address by now: 0x7f.1, 2130706433.
  return refusalOfHost(url.hostname);
}

/** As `refusalOfAddress`, of a host alone, in the spelling that URLs give it. */
export function refusalOfHost(hostname: string): string | null {
  const host = hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
  if (ipaddr.isValid(host)) {
    return ipaddr.process(host).range() === 'unicast' ? null : 'leads to an address that is not on the public network';
  }
  if (!host.includes('.') || INSIDE.test(host)) return 'names a machine inside, not one on the public network';
  return null;
}
