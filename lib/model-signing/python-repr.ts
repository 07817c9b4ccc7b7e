const SINGLE_QUOTE = 0x27;
const DOUBLE_QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** `\t`, `\n`, `\r`. */
const SHORT_ESCAPES = new Map([
  [0x09, 0x74],
  [0x0a, 0x6e],
  [0x0d, 0x72],
]);
const HEX_DIGITS = new TextEncoder().encode('0123456789abcdef');

/**
 * What Python's `repr()` writes for bytes, `b'...'`, in ASCII: at most four bytes for each, and three around them.
 * model_signing 0.2 signed its payload in this form by mistake, so that its signatures verify over nothing else.
 */
export function pythonRepr(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const quote = bytes.includes(SINGLE_QUOTE) && !bytes.includes(DOUBLE_QUOTE) ? DOUBLE_QUOTE : SINGLE_QUOTE;
  const text = new Uint8Array(3 + 4 * bytes.length);
  let at = 0;
  text[at++] = 0x62;
  text[at++] = quote;
  for (const byte of bytes) {
    const short = SHORT_ESCAPES.get(byte);
    if (short !== undefined || byte === quote || byte === BACKSLASH) {
      text[at++] = BACKSLASH;
      text[at++] = short ?? byte;
    } else if (byte < 0x20 || byte >= 0x7f) {
      text[at++] = BACKSLASH;
      text[at++] = 0x78;
      text[at++] = HEX_DIGITS[byte >> 4] ?? 0;
      text[at++] = HEX_DIGITS[byte & 0x0f] ?? 0;
    } else {
      text[at++] = byte;
    }
  }
  text[at++] = quote;
  return text.slice(0, at);
}
