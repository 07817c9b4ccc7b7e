/** Fewer characters than this hold no identity worth the decoding. */
const MIN_RUN = 24;
const SKIP = -2;
const END = -1;

/** The six bits of each character of both alphabets (RFC 4648, 4 and 5); line ends are passed over. */
const SEXTETS = makeSextets();

/**
 * Decodes every run of base64 in the bytes, whatever stands around it. Line breaks within a run are passed over,
 * in bytes or as JSON writes them, and so is JSON's `\/`. Each run is decoded from each of its first four characters,
 * for a letter before it may be none of it. The last octets of a reading may be wrong: it is there to be searched.
 */
export function* base64Runs(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const run: number[] = [];
    const end = readRun(bytes, at, run);
    if (run.length >= MIN_RUN) for (let skip = 0; skip < 4; skip++) yield decode(run, skip);
    at = end + 1;
  }
}

/** Collects the sextets of the run that begins at `at`; returns where it ends. */
function readRun(bytes: Uint8Array, start: number, run: number[]): number {
  let at = start;
  while (at < bytes.length) {
    const sextet = SEXTETS[bytes[at] as number] as number;
    if (sextet >= 0) {
      run.push(sextet);
      at++;
    } else if (sextet === SKIP) {
      at++;
    } else {
      const next = bytes[at] === BACKSLASH ? bytes[at + 1] : undefined;
      if (next === LETTER_N || next === LETTER_R) at += 2;
      else if (next === SLASH) at++;
      else return at;
    }
  }
  return at;
}

function decode(sextets: readonly number[], skip: number): Uint8Array {
  const bytes = new Uint8Array(Math.floor(((sextets.length - skip) * 6) / 8));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let i = skip; i < sextets.length; i++) {
    bits = ((bits << 6) | (sextets[i] as number)) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[at++] = bits >> held;
  }
  return bytes;
}

const BACKSLASH = 0x5c;
const LETTER_N = 0x6e;
const LETTER_R = 0x72;
const SLASH = 0x2f;

function makeSextets(): Int8Array {
  const sextets = new Int8Array(256).fill(END);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  for (let i = 0; i < alphabet.length; i++) sextets[alphabet.charCodeAt(i)] = i;
  sextets['-'.charCodeAt(0)] = 62;
  sextets['_'.charCodeAt(0)] = 63;
  sextets['\n'.charCodeAt(0)] = SKIP;
  sextets['\r'.charCodeAt(0)] = SKIP;
  return sextets;
}
