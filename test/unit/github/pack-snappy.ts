const LONGEST = 60;

/** Packs bytes as a block of Snappy: literals, and copies of what came up to 2047 bytes before. */
export function packSnappy(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes);
  const packed: number[] = [];
  for (let size = text.length; ; size >>>= 7) {
    packed.push((size & 0x7f) | (size > 0x7f ? 0x80 : 0));
    if (size <= 0x7f) break;
  }
  for (let at = 0; at < text.length; ) {
    const from = at >= 8 ? text.subarray(Math.max(0, at - 2000), at).indexOf(text.subarray(at, at + 8)) : -1;
    if (from >= 0 && at + 8 <= text.length) {
      const offset = Math.min(at, 2000) - from;
      packed.push(((8 - 4) << 2) | ((offset >> 8) << 5) | 1, offset & 0xff);
      at += 8;
    } else {
      const literal = text.subarray(at, at + Math.min(LONGEST, 7));
      packed.push((literal.length - 1) << 2, ...literal);
      at += literal.length;
    }
  }
  return Uint8Array.from(packed);
}
