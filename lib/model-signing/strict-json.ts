/** Why bytes were not taken as JSON. */
export type JsonErrorCode = 'too-large' | 'not-utf8' | 'not-json' | 'too-deep' | 'duplicate-key';

/** Bytes that are not JSON of the strict kind read here. The message is one sentence for people. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
  readonly code: JsonErrorCode;
  /** Characters before the place at fault, where it is known. */
  readonly position: number | null;

  constructor(code: JsonErrorCode, message: string, position: number | null = null) {
    super(message);
    this.code = code;
    this.position = position;
  }
}

export interface JsonLimits {
  readonly maxBytes: number;
  /** Objects and arrays inside each other; 64 where not said. */
  readonly maxDepth?: number;
}

/**
 * Reads JSON (RFC 8259) of which every reader must see the same: strict UTF-8, bounded size and depth, and no object
 * with a key twice, which some readers resolve to the first value and others to the last.
 *
 * @throws {JsonError}
 */
export function parseStrictJson(bytes: Uint8Array, limits: JsonLimits): unknown {
  if (bytes.length > limits.maxBytes) {
    throw new JsonError('too-large', `It has ${bytes.length} bytes; at most ${limits.maxBytes} are read.`);
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new JsonError('not-utf8', 'It is not UTF-8 text.');
  }
  refuseDoubledKeys(text, limits.maxDepth ?? 64);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const message = firstLine(error);
    const place = /at position (\d{1,9})/.exec(message)?.[1];
    throw new JsonError('not-json', `It is not JSON: ${message}.`, place === undefined ? null : Number(place));
  }
}

/** Walks the structure only: what is not JSON besides is left for `JSON.parse` to refuse. */
function refuseDoubledKeys(text: string, maxDepth: number): void {
  const open: (Set<string> | null)[] = [];
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x7b: // {
      case 0x5b: // [
        if (open.length === maxDepth) {
          throw new JsonError('too-deep', `Its objects and arrays lie in each other more than ${maxDepth} deep.`, at);
        }
        open.push(text[at] === '{' ? new Set() : null);
        break;
      case 0x7d: // }
      case 0x5d: // ]
        open.pop();
        break;
      case 0x22: {
        const end = endOfString(text, at);
        const keys = open.at(-1);
        if (keys && nextIsColon(text, end + 1)) addKey(keys, text.slice(at + 1, end), at);
        at = end;
      }
    }
  }
}

function addKey(keys: Set<string>, raw: string, at: number): void {
  const key = raw.includes('\\') ? unescapeKey(raw) : raw;
  if (keys.has(key)) {
    throw new JsonError(
      'duplicate-key',
      `One of its objects has the key ${JSON.stringify(key.slice(0, 60))} twice.`,
      at,
    );
  }
  keys.add(key);
}

function unescapeKey(raw: string): string {
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    throw new JsonError('not-json', 'It is not JSON: a key has a wrong escape.');
  }
}

/** Index of the closing quotation mark of the string that opens at `start`, or the end of the text. */
function endOfString(text: string, start: number): number {
  let end = start;
  do {
    end = text.indexOf('"', end + 1);
    if (end < 0) return text.length;
  } while (isEscaped(text, end));
  return end;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === 0x5c) backslashes++;
  return backslashes % 2 === 1;
}

function nextIsColon(text: string, from: number): boolean {
  let at = from;
  while (at < text.length && ' \t\n\r'.includes(text.charAt(at))) at++;
  return text.charCodeAt(at) === 0x3a;
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0]?.slice(0, 160).replace(/\.$/, '') ?? '';
}
