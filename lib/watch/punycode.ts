/** A label of a host name that holds Unicode (RFC 5890, 2.3.2.1), wherever a host name may stand in a value. */
const A_LABEL = /(?<![a-z0-9-])xn--([a-z0-9-]{1,59})(?![a-z0-9-])/gi;

const BASE = 36;
const T_MIN = 1;
const T_MAX = 26;
const SKEW = 38;
const DAMP = 700;
const FIRST_BIAS = 72;
const FIRST_CODE = 0x80;
const LAST_CODE = 0x10ffff;

/** The text with every `xn--` label written as the Unicode it stands for; labels that stand for none are left alone. */
export function decodeHostLabels(text: string): string {
  return text.replace(A_LABEL, (label: string, encoded: string) => decodePunycode(encoded.toLowerCase()) ?? label);
}

/** Decodes one label without its `xn--` (RFC 3492, 6.2). Null where it is no Punycode. Labels have 59 characters at most. */
export function decodePunycode(encoded: string): string | null {
  const split = encoded.lastIndexOf('-');
  const output = [...encoded.slice(0, Math.max(split, 0))];
  let at = split === -1 ? 0 : split + 1;
  let code = FIRST_CODE;
  let place = 0;
  let bias = FIRST_BIAS;
  while (at < encoded.length) {
    const before = place;
    for (let weight = 1, k = BASE; ; k += BASE) {
      const digit = digitOf(encoded.charCodeAt(at++));
      if (digit === -1) return null;
      place += digit * weight;
      if (place > Number.MAX_SAFE_INTEGER / BASE) return null;
      const threshold = Math.min(Math.max(k - bias, T_MIN), T_MAX);
      if (digit < threshold) break;
      weight *= BASE - threshold;
    }
    const length = output.length + 1;
    bias = adapt(place - before, length, before === 0);
    code += Math.floor(place / length);
    if (code > LAST_CODE || (code >= 0xd800 && code <= 0xdfff)) return null;
    place %= length;
    output.splice(place++, 0, String.fromCodePoint(code));
  }
  return output.join('');
}

/** a to z are 0 to 25, the digits 26 to 35; -1 for all else, and past the end. */
function digitOf(code: number): number {
  if (code >= 0x61 && code <= 0x7a) return code - 0x61;
  return code >= 0x30 && code <= 0x39 ? code - 0x30 + 26 : -1;
}

function adapt(delta: number, length: number, isFirst: boolean): number {
  let rest = Math.floor(delta / (isFirst ? DAMP : 2));
  rest += Math.floor(rest / length);
  let k = 0;
  for (; rest > ((BASE - T_MIN) * T_MAX) / 2; k += BASE) rest = Math.floor(rest / (BASE - T_MIN));
  return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + SKEW));
}
