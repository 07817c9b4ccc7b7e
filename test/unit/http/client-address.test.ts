import { describe, expect, it } from 'vitest';
import { clientAddress } from '#lib/http/client-address.ts';

const of = (forwarded: string | null, proxies: number) =>
  clientAddress(new Headers(forwarded === null ? {} : { 'X-Forwarded-For': forwarded }), proxies);

describe('the address of a client', () => {
  it('is not known where no proxy of ours says it', () => {
    expect([of('192.0.2.7', 0), of(null, 1), of('', 1)]).toEqual([null, null, null]);
  });

  it('is what our outermost proxy wrote, not what the client wrote before it', () => {
    expect(of('198.51.100.9, 192.0.2.7', 1)).toBe('192.0.2.7');
    expect(of('198.51.100.9, 192.0.2.7, 10.0.0.2', 2)).toBe('192.0.2.7');
    expect(of('192.0.2.7', 2)).toBeNull();
  });

  it('is of IPv6 the network that one customer has', () => {
    expect(of('2001:db8:1:2:3:4:5:6', 1)).toBe('2001:db8:1:2');
    expect(of('2001:db8:1:2::9', 1)).toBe(of('2001:0DB8:0001:0002:ffff::1', 1));
    expect(of('::1', 1)).toBe('0:0:0:0');
    expect(of('::ffff:192.0.2.7', 1)).toBe('192.0.2.7');
    expect(of('[2001:db8::1]:443', 1)).toBe('2001:db8:0:0');
  });

  it('is nothing that is no address', () => {
    for (const text of ['unknown', 'evil', '1.2.3', '999.1.1.1', '_hidden', '2001:db8::1::2'])
      expect(of(text, 1)).toBeNull();
  });
});
