/** A map that forgets what was set first where it would hold more than it may. */
export class BoundedMap<Key, Value> {
  readonly #most: number;
  readonly #map = new Map<Key, Value>();

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#map.size;
  }

  get(key: Key): Value | undefined {
    return this.#map.get(key);
  }

  set(key: Key, value: Value): void {
    if (!this.#map.has(key) && this.#map.size >= this.#most) {
      for (const oldest of this.#map.keys()) {
        this.#map.delete(oldest);
        break;
      }
    }
    this.#map.set(key, value);
  }

  delete(key: Key): void {
    this.#map.delete(key);
  }
}
