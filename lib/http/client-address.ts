import { isIP } from 'node:net';

/**
 * The address that a request came from, as far as it can be known: what the outermost of `proxies` proxies of ours wrote. Of
 * IPv6 the network of 64 bits, which one customer has whole. Null where nobody whom we believe says it.
 */
export function clientAddress(headers: Headers, proxies: number): string | null {
  if (proxies === 0) return null;
  const listed = (headers.get('X-Forwarded-For') ?? '').split(',').map((part) => part.trim());
  const given = (listed.at(-proxies) ?? '').replace(/^\[(.*)\](?::\d+)?$/, '$1').replace(/^::ffff:(?=\d+\.)/i, '');
  const address = given.replace(/^(\d+(?:\.\d+){3}):\d+$/, '$1');
  if (isIP(address) === 4) return address;
  if (isIP(address) !== 6) return null;
  return networkOf(address);
}

function networkOf(address: string): string {
  const [before = '', after] = address.replace(/%.*$/, '').split('::');
  const head = before === '' ? [] : before.split(':');
  const tail = after === undefined || after === '' ? [] : after.split(':');
  const groups = [...head, ...Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => '0'), ...tail];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
