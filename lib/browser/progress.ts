/** Speed is that of the last seconds: what was before says little about what comes. */
const WINDOW = 4000;
/** Before this much time, a speed would be a guess. */
const SHORTEST = 500;

/** Follows how fast bytes are hashed. Times are milliseconds of one clock, never running back. */
export class Progress {
  readonly #total: number;
  #samples: { readonly at: number; readonly bytes: number }[];
  #bytes = 0;

  /** @param total bytes in all. */
  constructor(total: number, startedAt: number) {
    this.#total = total;
    this.#samples = [{ at: startedAt, bytes: 0 }];
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** From 0 to 1; 1 where there is nothing to hash. */
  get share(): number {
    return this.#total === 0 ? 1 : Math.min(1, this.#bytes / this.#total);
  }

  add(bytes: number, at: number): void {
    this.#bytes += bytes;
    const newest = this.#samples.at(-1);
    // Many small files would otherwise keep as many samples as there are files.
    if (newest && at - newest.at < WINDOW / 40 && this.#samples.length > 1) this.#samples.pop();
    this.#samples.push({ at, bytes: this.#bytes });
    while (this.#samples.length > 2 && (this.#samples[1]?.at ?? at) < at - WINDOW) this.#samples.shift();
  }

  /** Bytes a second over the last seconds; null where that is not known yet. */
  speed(at: number): number | null {
    const oldest = this.#samples.find((sample) => sample.at >= at - WINDOW) ?? this.#samples.at(-1);
    if (!oldest || at - oldest.at < SHORTEST) return null;
    return ((this.#bytes - oldest.bytes) * 1000) / (at - oldest.at);
  }

  /** Milliseconds; null where no speed is known, or nothing moves. */
  timeLeft(at: number): number | null {
    const speed = this.speed(at);
    return speed === null || speed <= 0 ? null : ((this.#total - this.#bytes) * 1000) / speed;
  }
}
