const PLAIN_KEY = /^[\w@:$-]{1,64}$/;

/** A value of a parsed JSON document and where it stands there: `predicate.buildDefinition.resolvedDependencies[2]`. */
export class JsonPlace {
  readonly value: unknown;
  readonly at: string;

  constructor(value: unknown, at: string) {
    this.value = value;
    this.at = at;
  }

  /** Whether there is a value other than `null`. */
  get exists(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  get isObject(): boolean {
    return typeof this.value === 'object' && this.value !== null && !Array.isArray(this.value);
  }

  get isList(): boolean {
    return Array.isArray(this.value);
  }

  /** A member of an object, or a place without a value. Only own members count: no key reaches a prototype. */
  get(key: string): JsonPlace {
    const object = this.isObject ? (this.value as Record<string, unknown>) : {};
    return new JsonPlace(Object.hasOwn(object, key) ? object[key] : undefined, this.pathOf(key));
  }

  /** The first of several spellings of a key that has a value; the first spelling where none has. */
  either(key: string, ...others: readonly string[]): JsonPlace {
    const first = this.get(key);
    if (first.exists) return first;
    return others.map((other) => this.get(other)).find(({ exists }) => exists) ?? first;
  }

  /** Members of an object, nothing for any other value. */
  members(): (readonly [string, JsonPlace])[] {
    return this.isObject ? Object.keys(this.value as object).map((key) => [key, this.get(key)] as const) : [];
  }

  /** Entries of a list, nothing for any other value. */
  entries(): JsonPlace[] {
    return Array.isArray(this.value)
      ? this.value.map((entry: unknown, i) => new JsonPlace(entry, `${this.at}[${i}]`))
      : [];
  }

  /** Entries of a list, or the one value that stands where a list may stand. */
  oneOrMany(): JsonPlace[] {
    if (!this.exists) return [];
    return this.isList ? this.entries() : [this];
  }

  private pathOf(key: string): string {
    if (!PLAIN_KEY.test(key)) return `${this.at}[${JSON.stringify(key.slice(0, 60))}]`;
    return this.at === '' ? key : `${this.at}.${key}`;
  }
}
