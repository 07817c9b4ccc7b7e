/**
 * How many requests to one server may be under way. A server that says that it is too much gets half as many at once, and
 * one more for each full round of answers after that: additive increase, multiplicative decrease, as TCP does it.
 */
export class InFlight {
  readonly #most: number;
  #allowed: number;
  #underWay = 0;
  /** Counts the decreases: requests begun before the latest one tell nothing new. */
  #decreases = 0;
  readonly #waiting: (() => void)[] = [];

  /** @param most what it begins with, and never exceeds. */
  constructor(most: number) {
    this.#most = most;
    this.#allowed = most;
  }

  /** Requests that may be under way now, at least 1. */
  get allowed(): number {
    return Math.floor(this.#allowed);
  }

  /** Makes a request as soon as there is room for it. `isTooMuch` says of its error whether the server asked for less. */
  async run<T>(request: () => Promise<T>, isTooMuch: (error: unknown) => boolean): Promise<T> {
    while (this.#underWay >= this.allowed) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#underWay++;
    const begun = this.#decreases;
    try {
      const answer = await request();
      this.#allowed = Math.min(this.#most, this.#allowed + 1 / this.#allowed);
      return answer;
    } catch (error) {
      if (isTooMuch(error) && begun === this.#decreases) {
        this.#allowed = Math.max(1, this.#allowed / 2);
        this.#decreases++;
      }
      throw error;
    } finally {
      this.#underWay--;
      // As many as there is room for: more than one where the limit has just grown.
      for (let room = this.allowed - this.#underWay; room > 0; room--) this.#waiting.shift()?.();
    }
  }
}
