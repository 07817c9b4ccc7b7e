/** As much DER as the certificates need that the story makes itself. */

export function der(tag: number, ...parts: readonly (Buffer | string)[]): Buffer {
  const content = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  return Buffer.concat([Buffer.from([tag, ...derLength(content.length)]), content]);
}

export const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts);
export const octets = (...parts: readonly (Buffer | string)[]): Buffer => der(0x04, ...parts);
export const utf8 = (text: string): Buffer => der(0x0c, text);
export const bits = (content: Buffer, unused = 0): Buffer => der(0x03, Buffer.from([unused]), content);

/** An object identifier from its dotted form. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const groups = [first * 40 + second, ...rest].map((arc) => {
    const septets = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      septets.unshift((left & 0x7f) | 0x80);
    return septets;
  });
  return der(0x06, Buffer.from(groups.flat()));
}

/** An extension of a certificate; `value` is the DER inside its octets. */
export function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return sequence(oid(id), ...(critical ? [der(0x01, Buffer.from([0xff]))] : []), octets(value));
}

/** A distinguished name of UTF8Strings, from pairs such as `['CN', 'Someone']`. */
export function distinguishedName(pairs: readonly (readonly [string, string])[]): Buffer {
  const types: Record<string, string> = { O: '2.5.4.10', CN: '2.5.4.3' };
  return sequence(...pairs.map(([type, value]) => der(0x31, sequence(oid(types[type] ?? ''), utf8(value)))));
}

/** UTCTime, which serves until 2049. */
export function utcTime(time: Date): Buffer {
  return der(0x17, time.toISOString().replace(/[-:T]/g, '').slice(2, 14).concat('Z'));
}

export function pemToDer(pem: string): Buffer {
  return Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64');
}

function derLength(length: number): number[] {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}
