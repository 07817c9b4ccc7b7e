import { describe, expect, it } from 'vitest';
import { InFlight } from '#lib/rekor/in-flight.ts';

/** A request that ends when the test says so. */
function held() {
  let end: (error?: Error) => void = () => {};
  const promise = new Promise<void>((resolve, reject) => {
    end = (error) => (error ? reject(error) : resolve());
  });
  return { promise, end };
}

const TOO_MUCH = new Error('429');
const isTooMuch = (error: unknown) => error === TOO_MUCH;
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Begins requests, and says how many are under way. */
function begin(inFlight: InFlight, count: number) {
  const requests = Array.from({ length: count }, held);
  let begun = 0;
  const all = requests.map(({ promise }) =>
    inFlight
      .run(() => {
        begun++;
        return promise;
      }, isTooMuch)
      .catch(() => {}),
  );
  return { requests, all, begun: () => begun };
}

describe('requests under way', () => {
  it('are at most as many as allowed; the next begins when one ends', async () => {
    const { requests, begun } = begin(new InFlight(3), 5);
    await settled();
    expect(begun()).toBe(3);
    requests[0]?.end();
    await settled();
    expect(begun()).toBe(4);
  });

  it('are halved once for all that were under way when the server said that it is too much', async () => {
    const inFlight = new InFlight(16);
    const { requests, all } = begin(inFlight, 16);
    for (const { end } of requests) end(TOO_MUCH);
    await Promise.all(all);
    expect(inFlight.allowed).toBe(8);
  });

  it('never fall below one, and grow by one for each round of answers, up to where they began', async () => {
    const inFlight = new InFlight(4);
    for (let i = 0; i < 5; i++) await inFlight.run(() => Promise.reject(TOO_MUCH), isTooMuch).catch(() => {});
    expect(inFlight.allowed).toBe(1);
    const answer = () => inFlight.run(async () => {}, isTooMuch);
    await answer();
    expect(inFlight.allowed).toBe(2);
    await answer();
    await answer();
    await answer();
    expect(inFlight.allowed).toBe(3);
    for (let i = 0; i < 20; i++) await answer();
    expect(inFlight.allowed).toBe(4);
  });

  it('are not fewer after other failures', async () => {
    const inFlight = new InFlight(4);
    await expect(inFlight.run(() => Promise.reject(new Error('500')), isTooMuch)).rejects.toThrow('500');
    expect(inFlight.allowed).toBe(4);
  });

  it('all come to their turn, however the limit moves', async () => {
    const inFlight = new InFlight(8);
    let under = 0;
    let most = 0;
    const request = async (i: number) => {
      most = Math.max(most, ++under);
      await settled();
      under--;
      if (i % 7 === 0) throw TOO_MUCH;
      return i;
    };
    const results = await Promise.allSettled(
      Array.from({ length: 200 }, (_, i) => inFlight.run(() => request(i), isTooMuch)),
    );
    expect(results).toHaveLength(200);
    expect(most).toBeLessThanOrEqual(8);
  });
});
