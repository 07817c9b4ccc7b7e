import { base64Runs } from './base64-runs.ts';
import { escapeText } from './display.ts';
import type { CompiledRule, RuleMatch } from './rule.ts';
import type { CompiledValue } from './value-matcher.ts';

/** Shorter text than this stands in many bytes by chance. */
const MIN_NEEDLE = 6;
/** Base64 in base64 in base64: as deep as envelopes of envelopes go. */
const MAX_DEPTH = 3;
/** How much decoded base64 is searched for one input, in bytes. */
const MAX_DECODED = 4 * 1024 * 1024;

/** What of a rule is looked for in bytes: all of the needles must be there. */
interface Search {
  readonly rule: CompiledRule;
  readonly needles: readonly { readonly text: string; readonly folded: Uint8Array }[];
}

/** Rules turned into text to look for where nothing can be parsed. */
export class ByteSearch {
  readonly unsearchable: readonly string[];
  private readonly searches: readonly Search[];

  constructor(rules: readonly CompiledRule[]) {
    const searches = rules.map((rule) => ({ rule, needles: needlesOf(rule) }));
    this.searches = searches.filter((search) => search.needles.length > 0);
    this.unsearchable = searches.filter((search) => search.needles.length === 0).map(({ rule }) => rule.rule);
  }

  find(bytes: Uint8Array): RuleMatch[] {
    if (this.searches.length === 0) return [];
    const found = new Set<Uint8Array>();
    for (const layer of layersOf(bytes)) {
      for (const { needles } of this.searches) {
        for (const { folded } of needles) if (!found.has(folded) && includesBytes(layer, folded)) found.add(folded);
      }
    }
    return this.searches
      .filter(({ needles }) => needles.every(({ folded }) => found.has(folded)))
      .map(({ rule, needles }) => ({
        rule: rule.rule,
        own: rule.own,
        field: 'bytes',
        value: escapeText(needles.map(({ text }) => text).join(' … ')),
        how: 'bytes',
        notes: [],
      }));
  }
}

/**
 * What tells a rule's identity from others: the identity itself, else its extensions, else its issuer.
 * The issuer is not asked for besides, since bytes of an unknown kind may well not name it.
 */
function needlesOf(rule: CompiledRule): Search['needles'] {
  const candidates: readonly (readonly (CompiledValue | null)[])[] = [
    [rule.identity],
    rule.extensions.map((criterion) => criterion.value),
    [rule.issuer],
  ];
  for (const values of candidates) {
    const literals = values.map((value) => value?.literal ?? '');
    const needles = literals
      .map((text) => ({ text, folded: foldBytes(new TextEncoder().encode(text)) }))
      .filter(({ folded }) => folded.length >= MIN_NEEDLE);
    if (needles.length > 0) return needles;
  }
  return [];
}

/** The bytes, and what base64 in them decodes to, and in that, in lower case, until depth or size run out. */
function* layersOf(bytes: Uint8Array): Generator<Uint8Array> {
  let budget = MAX_DECODED;
  let layers: Uint8Array[] = [bytes];
  for (let depth = 0; layers.length > 0; depth++) {
    const deeper: Uint8Array[] = [];
    for (const layer of layers) {
      yield foldBytes(layer);
      if (depth === MAX_DEPTH) continue;
      for (const decoded of base64Runs(layer)) {
        budget -= decoded.length;
        if (budget < 0) break;
        deeper.push(decoded);
      }
    }
    layers = deeper;
  }
}

/** A copy with ASCII letters in lower case, which leaves UTF-8 beyond ASCII as it is. */
function foldBytes(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte));
}

function includesBytes(bytes: Uint8Array, needle: Uint8Array): boolean {
  const first = needle[0] as number;
  const last = bytes.length - needle.length;
  for (let at = bytes.indexOf(first); at !== -1 && at <= last; at = bytes.indexOf(first, at + 1)) {
    let matched = 1;
    while (matched < needle.length && bytes[at + matched] === needle[matched]) matched++;
    if (matched === needle.length) return true;
  }
  return false;
}
