const ROW = 16;

/** Bytes as rows of offset, hexadecimal and printable ASCII, for entries that are not text. Stops after `limit` bytes. */
export function hexView(bytes: Uint8Array, limit: number): string {
  const rows: string[] = [];
  for (let offset = 0; offset < Math.min(bytes.length, limit); offset += ROW) {
    const row = bytes.subarray(offset, Math.min(offset + ROW, bytes.length, limit));
    const hex = Array.from(row, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const ascii = Array.from(row, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    rows.push(`${offset.toString(16).padStart(8, '0')}  ${hex.padEnd(ROW * 3 - 1)}  ${ascii}`);
  }
  return rows.join('\n');
}
