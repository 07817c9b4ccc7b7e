const MAX_OID_OCTETS = 64;

/**
 * An object identifier's content octets (X.690, 8.19) in dotted decimals.
 * Null where the octets are none: empty, cut off, padded, or with a number past 2^53.
 */
export function formatOid(bytes: Uint8Array, from: number, to: number): string | null {
  if (to <= from || to - from > MAX_OID_OCTETS) return null;
  const arcs: number[] = [];
  let arc = 0;
  let begins = true;
  for (let i = from; i < to; i++) {
    const octet = bytes[i] as number;
    if (begins && octet === 0x80) return null;
    arc = arc * 128 + (octet & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER) return null;
    begins = octet < 0x80;
    if (!begins) continue;
    if (arcs.length === 0) {
      // The first two arcs share a number: 40 * first + second, where only first = 2 has seconds past 39.
      const first = Math.min(Math.floor(arc / 40), 2);
      arcs.push(first, arc - 40 * first);
    } else {
      arcs.push(arc);
    }
    arc = 0;
  }
  return begins ? arcs.join('.') : null;
}

/** Whether the text is an object identifier in dotted decimals. */
export function isOid(text: string): boolean {
  return (
    text.length <= 200 && /^(?:[01]\.(?:[0-9]|[1-3][0-9])|2\.(?:0|[1-9][0-9]*))(?:\.(?:0|[1-9][0-9]*))*$/.test(text)
  );
}
