/** Wildcards as they stand among the code points of a compiled glob. */
const ONE = -1;
const RUN = -2;
const ANY_RUN = -3;
const SLASH = 0x2f;

/**
 * Compiles a glob to a test of whole texts: `*` is any run of characters without `/`, `**` any run at all,
 * `?` one character other than `/`; all else stands for itself. Case matters.
 * All places the glob could be in are followed at once (Thompson, 1968): time grows with the text's length, never worse.
 */
export function compileGlob(glob: string): (text: string) => boolean {
  const pattern = parseGlob(glob);
  const head = glob.slice(0, `${glob}*`.search(/[*?]/));
  const tail = glob.slice(lastWildcard(glob) + 1);
  const places = new PlaceSet(pattern.length + 1);
  const next = new PlaceSet(pattern.length + 1);
  return (text) => text.startsWith(head) && text.endsWith(tail) && follow(pattern, text, places, next);
}

function parseGlob(glob: string): Int32Array {
  const tokens: number[] = [];
  for (const character of glob.replaceAll(/\*{3,}/g, '**').split(/(\*\*|\*|\?)/)) {
    if (character === '**') tokens.push(ANY_RUN);
    else if (character === '*') tokens.push(RUN);
    else if (character === '?') tokens.push(ONE);
    else for (const literal of character) tokens.push(literal.codePointAt(0) ?? 0);
  }
  return Int32Array.from(tokens);
}

function lastWildcard(glob: string): number {
  return Math.max(glob.lastIndexOf('*'), glob.lastIndexOf('?'));
}

function follow(pattern: Int32Array, text: string, first: PlaceSet, second: PlaceSet): boolean {
  let places = first;
  let next = second;
  places.clear();
  reach(pattern, places, 0);
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    next.clear();
    for (let i = 0; i < places.size; i++) {
      const place = places.at(i);
      const token = pattern[place];
      if (token === code || (token === ONE && code !== SLASH)) reach(pattern, next, place + 1);
      else if (token === ANY_RUN || (token === RUN && code !== SLASH)) reach(pattern, next, place);
    }
    if (next.size === 0) return false;
    [places, next] = [next, places];
  }
  return places.has(pattern.length);
}

/** Adds a place, and those behind it that an empty run leads to. */
function reach(pattern: Int32Array, places: PlaceSet, from: number): void {
  for (let place = from; ; place++) {
    places.add(place);
    const token = pattern[place];
    if (token !== RUN && token !== ANY_RUN) return;
  }
}

/** A set of small numbers that is emptied at no cost (Briggs and Torczon, 1993). */
class PlaceSet {
  size = 0;
  private readonly dense: Int32Array;
  private readonly sparse: Int32Array;

  constructor(capacity: number) {
    this.dense = new Int32Array(capacity);
    this.sparse = new Int32Array(capacity);
  }

  clear(): void {
    this.size = 0;
  }

  at(index: number): number {
    return this.dense[index] as number;
  }

  has(place: number): boolean {
    const index = this.sparse[place] as number;
    return index < this.size && this.dense[index] === place;
  }

  add(place: number): void {
    if (this.has(place)) return;
    this.sparse[place] = this.size;
    this.dense[this.size++] = place;
  }
}
