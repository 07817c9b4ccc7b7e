const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Controls, format and bidi characters, zero-width and other invisible ones, exotic spaces, private use and
 * unassigned: all that could hide, reorder or blank out text. The backslash too, so that an escape is never forged.
 */
const INVISIBLE = /[\p{C}\p{Default_Ignorable_Code_Point}\u2800\\]|(?! )\p{Z}|^ | $/gu;

/** UTF-8 as text, or null where the bytes are not UTF-8. A byte order mark is kept. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return null;
  }
}

/** Each byte as the character of that number (ISO 8859-1). */
export function decodeLatin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** Text with everything invisible written out: U+200B becomes `\u{200b}`. */
export function escapeText(text: string): string {
  return text.replace(INVISIBLE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** Bytes as ASCII, every other byte written out as `\xe1`: for types that allow ASCII only. */
export function escapeAscii(bytes: Uint8Array): string {
  let text = '';
  let run = '';
  for (const byte of bytes) {
    if (byte < 0x80) {
      run += String.fromCharCode(byte);
    } else {
      text += `${escapeText(run)}\\x${byte.toString(16)}`;
      run = '';
    }
  }
  return text + escapeText(run);
}

/** Bytes that should be UTF-8, as shown to people: escaped text, or escaped bytes where they are not. */
export function escapeUtf8(bytes: Uint8Array): string {
  const text = decodeUtf8(bytes);
  return text === null ? escapeAscii(bytes) : escapeText(text);
}
