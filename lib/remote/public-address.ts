import ipaddr from 'ipaddr.js';

/**
 * Addresses of the public IPv6 network, of which the ranges below are taken out. What lies outside is none (RFC 4291):
 * IPv4-compatible, mapped and translated addresses (RFC 6052, 6145, 8215), site-local ones, and all that is not given out.
 */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** Public by their number, and yet only reached from inside: the metadata service of Azure. */
const INSIDE: ReadonlySet<string> = new Set(['168.63.129.16']);

/**
 * Whether an IP address is on the public network. Private, loopback, link-local, shared (CGNAT), multicast, reserved and
 * documentation addresses are not, nor those that carry an IPv4 address inside (mapped, 6to4, Teredo, NAT64).
 *
 * @param address as a resolver or a socket gives it. Anything that is no address is not public.
 */
export function isPublicAddress(address: string): boolean {
  // A zone names an interface of this machine: `fe80::1%eth0`.
  if (address.includes('%') || !ipaddr.isValid(address)) return false;
  // Short and octal forms mean other addresses to other readers.
  if (!address.includes(':') && !ipaddr.IPv4.isValidFourPartDecimal(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  if (parsed instanceof ipaddr.IPv4) return !INSIDE.has(parsed.toString());
  return parsed.match(GLOBAL_UNICAST);
}
