/** What the drill found, step by step, with the time that each took. */
export class Ledger {
  #last = performance.now();
  isGood = true;

  /** @throws {Error} where it is not as it must be: what follows would prove nothing. */
  expect(what: string, holds: boolean, found = ''): void {
    const took = ((performance.now() - this.#last) / 1000).toFixed(1);
    this.#last = performance.now();
    if (!holds) throw new Error(`${what}: ${found === '' ? 'it is not so' : found}`);
    console.log(`ok  ${`${took} s`.padStart(7)}  ${what}${found === '' ? '' : `: ${found}`}`);
  }

  fail(reason: string): void {
    this.isGood = false;
    console.log(`NOT OK  ${reason}`);
  }
}
