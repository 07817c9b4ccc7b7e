import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PrivateAddressError, resolvePublic } from '#lib/remote/guarded-lookup.ts';
import { isPublicAddress } from '#lib/remote/public-address.ts';

const PRIVATE = [
  ['this network', '0.0.0.0'],
  ['this network, further in', '0.1.2.3'],
  ['loopback', '127.0.0.1'],
  ['loopback, elsewhere', '127.255.255.254'],
  ['private', '10.0.0.1'],
  ['private', '172.16.0.1'],
  ['private, at its end', '172.31.255.255'],
  ['private', '192.168.1.1'],
  ['link-local, and metadata', '169.254.169.254'],
  ['metadata of containers', '169.254.170.2'],
  ['CGNAT', '100.64.0.1'],
  ['CGNAT, and metadata', '100.100.100.200'],
  ['metadata', '168.63.129.16'],
  ['protocol assignments, and metadata', '192.0.0.192'],
  ['benchmarks', '198.18.0.1'],
  ['documentation', '192.0.2.1'],
  ['documentation', '198.51.100.7'],
  ['documentation', '203.0.113.9'],
  ['multicast', '224.0.0.1'],
  ['reserved', '240.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['unspecified', '::'],
  ['loopback', '::1'],
  ['IPv4-compatible loopback', '::127.0.0.1'],
  ['IPv4-compatible, in hex', '::7f00:1'],
  ['IPv4-mapped loopback', '::ffff:127.0.0.1'],
  ['IPv4-mapped, in hex', '::ffff:7f00:1'],
  ['IPv4-mapped of a public address', '::ffff:8.8.8.8'],
  ['IPv4-translated', '::ffff:0:127.0.0.1'],
  ['NAT64', '64:ff9b::7f00:1'],
  ['NAT64 of a public address', '64:ff9b::8.8.8.8'],
  ['local NAT64', '64:ff9b:1::a00:1'],
  ['6to4 of loopback', '2002:7f00:1::'],
  ['Teredo', '2001::1'],
  ['unique local', 'fc00::1'],
  ['unique local, and metadata', 'fd00:ec2::254'],
  ['link-local', 'fe80::1'],
  ['link-local with a zone', 'fe80::1%eth0'],
  ['public with a zone', '2606:4700::1111%eth0'],
  ['site-local', 'fec0::1'],
  ['multicast', 'ff02::1'],
  ['discard', '100::1'],
  ['documentation', '2001:db8::1'],
  ['documentation', '3fff::1'],
  ['never given out', '4000::1'],
  ['decimal', '2130706433'],
  ['octal', '0177.0.0.1'],
  ['hex', '0x7f.0.0.1'],
  ['short', '127.1'],
  ['no address', 'localhost'],
  ['nothing', ''],
] as const;

describe('addresses that messages may go to', () => {
  it.each(PRIVATE)('are none that is %s: %s', (_, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['8.8.8.8', '1.1.1.1', '93.184.216.34', '2606:4700::1111', '2a00:1450:4001::1'])(
    'are those of the public network, such as %s',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  it('hold no private IPv4 address in any notation of IPv6', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const inside = fc.oneof(
      fc.tuple(fc.constant(10), octet, octet, octet),
      fc.tuple(fc.constant(127), octet, octet, octet),
      fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
      fc.tuple(fc.constant(169), fc.constant(254), octet, octet),
      fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), octet, octet),
    );
    const prefix = fc.constantFrom('::', '::ffff:', '::ffff:0:', '64:ff9b::', '64:ff9b:1::');
    fc.assert(
      fc.property(inside, prefix, ([a, b, c, d], before) => {
        const dotted = `${a}.${b}.${c}.${d}`;
        const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
        expect(isPublicAddress(dotted)).toBe(false);
        expect(isPublicAddress(`${before}${dotted}`)).toBe(false);
        expect(isPublicAddress(`${before}${hex}`)).toBe(false);
        expect(isPublicAddress(`2002:${hex}::1`)).toBe(false);
      }),
    );
  });

  it('are never anything that is no address', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        if (isPublicAddress(text)) expect(text).toMatch(/^(?:\d+\.\d+\.\d+\.\d+|[0-9a-fA-F:.]+)$/);
      }),
    );
  });
});

describe('a name', () => {
  it('is refused whole where one of its addresses is private', async () => {
    const resolve = async () => [
      { address: '93.184.216.34', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    await expect(resolvePublic('rebind.example', resolve)).rejects.toThrow(PrivateAddressError);
  });

  it('without any address is refused', async () => {
    await expect(resolvePublic('empty.example', async () => [])).rejects.toThrow(PrivateAddressError);
  });

  it('that is an address is not looked up', async () => {
    const resolve = async () => {
      throw new Error('looked up');
    };
    expect(await resolvePublic('[2606:4700::1111]', resolve)).toEqual([{ address: '2606:4700::1111', family: 6 }]);
    await expect(resolvePublic('[::1]', resolve)).rejects.toThrow('not on the public network');
  });
});
