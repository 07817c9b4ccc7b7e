import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';

/** A place in a file, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Something wrong with the YAML itself. */
export interface YamlProblem extends Position {
  readonly message: string;
  readonly mend: string;
}

/** Aliases spare typing; what multiplies beyond this is no configuration any more. */
const MAX_ALIASES = 1000;
/** Of one mistake in the YAML many may follow: the first few are enough to find it. */
const MAX_PROBLEMS = 10;

const MENDS: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'Keep one of the two',
  TAB_AS_INDENT: 'Indent with spaces',
  MULTIPLE_DOCS: 'Leave out everything from the second --- on',
  TAG_RESOLVE_FAILED: 'Leave out the tag',
};

/** A YAML 1.2 file, its content as plain values, and where in the file each of them stands. */
export class YamlDocument {
  readonly problems: readonly YamlProblem[];
  /** Null where there are problems. */
  readonly value: unknown;
  private readonly document: Document;
  private readonly lines = new LineCounter();

  constructor(text: string) {
    this.document = parseDocument(text, { lineCounter: this.lines, prettyErrors: false, logLevel: 'error' });
    this.problems = this.findProblems();
    this.value = this.problems.length > 0 ? null : this.document.toJS({ maxAliasCount: MAX_ALIASES });
  }

  /** Where the key at the end of the path stands, or its value; where there is none, what should hold it. */
  locate(path: readonly PropertyKey[], at: 'key' | 'value'): Position {
    let key: unknown = null;
    let value: unknown = this.document.contents;
    for (const part of path) {
      const found = findChild(this.resolve(value), part);
      if (found === null) return this.position(key ?? value);
      ({ key, value } = found);
    }
    return this.position(at === 'key' ? (key ?? value) : (value ?? key));
  }

  private findProblems(): YamlProblem[] {
    const { errors, warnings } = this.document;
    const problems = [...errors, ...warnings].map(({ code, message, pos }) => ({
      ...this.at(pos[0]),
      message: `The YAML cannot be read: ${message.replace(/[.:]$/, '')}`,
      mend: MENDS[code] ?? 'Correct the YAML from here on',
    }));
    return [...problems, ...(problems.length === 0 ? this.findBadAliases() : [])].slice(0, MAX_PROBLEMS);
  }

  /** Aliases of nothing; and those that would grow without end, which `toJS` finds by counting. */
  private findBadAliases(): YamlProblem[] {
    const problems: YamlProblem[] = [];
    let last: Node | null = null;
    visit(this.document, {
      Alias: (_, alias) => {
        last = alias;
        if (alias.resolve(this.document) !== undefined) return;
        problems.push({
          ...this.position(alias),
          message: `There is no anchor &${alias.source} before this alias`,
          mend: 'Write out the value',
        });
      },
    });
    if (problems.length > 0) return problems;
    try {
      this.document.toJS({ maxAliasCount: MAX_ALIASES });
      return [];
    } catch (error) {
      if (!(error instanceof ReferenceError)) throw error;
      return [
        { ...this.position(last), message: 'The aliases of this file multiply too far', mend: 'Write out the values' },
      ];
    }
  }

  private resolve(node: unknown): unknown {
    return isAlias(node) ? node.resolve(this.document) : node;
  }

  private position(node: unknown): Position {
    return this.at(isNode(node) ? (node.range?.[0] ?? 0) : 0);
  }

  private at(offset: number): Position {
    const { line, col } = this.lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }
}

function findChild(node: unknown, part: PropertyKey): { key: unknown; value: unknown } | null {
  if (isSeq(node)) {
    const value = node.items[Number(part)];
    return value === undefined ? null : { key: value, value };
  }
  if (!isMap(node)) return null;
  const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(part));
  return pair === undefined ? null : { key: pair.key, value: pair.value };
}
