import { quote, TlogError } from './error.ts';

/** A line that says something: neither empty nor a comment. */
export interface PolicyLine {
  /** From 1. */
  readonly number: number;
  readonly keyword: string;
  readonly items: readonly string[];
}

/** 64 logs and 128 witnesses with ML-DSA-44 keys fit into it. */
export const MAX_POLICY_BYTES = 512 * 1024;

const TAB = 0x09;
const NEWLINE = 0x0a;
const SPACE = 0x20;
const HASH = 0x23;
const DELETE = 0x7f;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Splits a policy file (C2SP tlog-policy) at newlines, and its lines at spaces and tabs alone. Comments may be of any
 * bytes that are no control characters; what is no comment must be UTF-8. Throws `bad-policy`.
 */
export function splitPolicyLines(bytes: Uint8Array): PolicyLine[] {
  if (bytes.length > 0 && bytes.at(-1) !== NEWLINE) {
    throw new TlogError('bad-policy', 'The last line does not end in a newline; the file may have been cut short');
  }
  const lines: PolicyLine[] = [];
  let number = 0;
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(NEWLINE, start);
    const line = readLine(bytes.subarray(start, end), ++number);
    if (line !== undefined) lines.push(line);
    start = end + 1;
  }
  return lines;
}

function readLine(bytes: Uint8Array, number: number): PolicyLine | undefined {
  const control = bytes.find((byte) => (byte < SPACE && byte !== TAB) || byte === DELETE);
  if (control !== undefined) {
    const hex = `0x${control.toString(16).padStart(2, '0')}`;
    throw new TlogError('bad-policy', `Line ${number}: the control character ${hex}; lines end in a newline alone`);
  }
  const first = bytes.find((byte) => byte !== SPACE && byte !== TAB);
  if (first === undefined || first === HASH) return undefined;
  const [keyword = '', ...items] = decode(bytes, number)
    .split(/[ \t]+/)
    .filter((item) => item !== '');
  return { number, keyword, items };
}

function decode(bytes: Uint8Array, number: number): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    const start = quote(new TextDecoder('latin1').decode(bytes.subarray(0, 40)));
    throw new TlogError('bad-policy', `Line ${number}: not UTF-8, beginning with ${start}; save it as UTF-8`, {
      cause,
    });
  }
}
