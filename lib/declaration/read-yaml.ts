import { type Document, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { JsonPlace } from '#lib/attestation/json-place.ts';
import { DeclarationError } from './declaration-error.ts';

const MAX_BYTES = 1024 * 1024;
/** Aliases that multiply further than this are a bomb, not a declaration. */
const MAX_ALIASES = 100;
/** The library looks through the whole document for each alias. */
const MAX_ALIAS_NODES = 200;
const MAX_DEPTH = 64;
/** Brackets that are open at once, those in texts too; checked before the parser, which is slow on endless ones. */
const MAX_BRACKETS = 256;
/** Characters that may mean something to YAML: each can be an error of its own, and the parser keeps them all. */
const MAX_INDICATORS = 200_000;
const INDICATORS: ReadonlySet<string> = new Set('[]{},"\'&*!%|>@`');

/** Bytes as text, at most 1 MiB of strict UTF-8. @throws {DeclarationError} */
export function readText(bytes: Uint8Array): string {
  if (bytes.length > MAX_BYTES) {
    throw new DeclarationError('too-large', `It has ${bytes.length} bytes; at most ${MAX_BYTES} are read.`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new DeclarationError('not-text', 'It is not UTF-8 text.');
  }
}

/**
 * Reads one YAML 1.2 document of plain values (core schema). Broken syntax, a key twice, nesting beyond 64 and aliases
 * that multiply are refused.
 *
 * @throws {DeclarationError} naming the line where it is known.
 */
export function readYaml(text: string): JsonPlace {
  refuseEndlessIndicators(text);
  try {
    const value = parse(text);
    refuseDeep(value, 0);
    return new JsonPlace(value, '');
  } catch (error) {
    if (error instanceof DeclarationError) throw error;
    // ReferenceError: an alias of nothing, or too many. RangeError: nesting beyond the stack.
    const message = error instanceof RangeError ? 'it nests too deep' : error instanceof Error ? error.message : '';
    throw new DeclarationError('not-yaml', `The YAML cannot be read: ${message.slice(0, 160)}`);
  }
}

function parse(text: string): unknown {
  const lines = new LineCounter();
  // The library looks for doubled keys by comparing each with all others: a Set does it in one walk.
  const options = { lineCounter: lines, prettyErrors: false, logLevel: 'error', uniqueKeys: false } as const;
  const document = parseDocument(text, options);
  const [first] = document.errors;
  if (first) {
    throw new DeclarationError(
      'not-yaml',
      `The YAML cannot be read at line ${lineOf(lines, first.pos[0])}: ${first.message}`,
    );
  }
  refuseDoubledKeysAndManyAliases(document, lines);
  return document.toJS({ maxAliasCount: MAX_ALIASES });
}

function refuseDoubledKeysAndManyAliases(document: Document, lines: LineCounter): void {
  let aliases = 0;
  visit(document, {
    Alias: () => {
      aliases++;
      if (aliases > MAX_ALIAS_NODES)
        throw new DeclarationError('not-yaml', `The YAML has more than ${MAX_ALIAS_NODES} aliases.`);
    },
    Map: (_, map) => {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        const name = String(isScalar(key) ? key.value : key);
        const line = isScalar(key) ? lineOf(lines, key.range?.[0] ?? 0) : 0;
        if (seen.has(name)) {
          throw new DeclarationError(
            'not-yaml',
            `The YAML has the key ${JSON.stringify(name.slice(0, 60))} twice, again at line ${line}.`,
          );
        }
        seen.add(name);
      }
    },
  });
}

function lineOf(lines: LineCounter, offset: number): number {
  return Math.max(lines.linePos(offset).line, 1);
}

/** An alias inside its own anchor nests without end, and is found here too. */
function refuseDeep(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth === MAX_DEPTH) throw new DeclarationError('not-yaml', `The YAML nests deeper than ${MAX_DEPTH}.`);
  for (const inner of Object.values(value)) refuseDeep(inner, depth + 1);
}

function refuseEndlessIndicators(text: string): void {
  let open = 0;
  let indicators = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (INDICATORS.has(character)) indicators++;
    if (indicators > MAX_INDICATORS) {
      throw new DeclarationError('not-yaml', `The YAML has more than ${MAX_INDICATORS} brackets, quotes and signs.`);
    }
    if (character === '[' || character === '{') open++;
    if ((character === ']' || character === '}') && open > 0) open--;
    if (open > MAX_BRACKETS) {
      throw new DeclarationError('not-yaml', `The YAML has ${open} brackets open at once at character ${at}.`);
    }
  }
}
