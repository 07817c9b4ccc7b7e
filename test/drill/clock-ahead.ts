// Loaded before everything else in processes of the product that live later than the rest of the drill:
// NODE_OPTIONS=--import=… and DRILL_AHEAD, in milliseconds. All that the product knows of time it has from Date; timers go on
// as they were, and so do file times, of which it compares none with the clock.
const ahead = Number(process.env.DRILL_AHEAD);
if (!Number.isSafeInteger(ahead)) throw new Error('DRILL_AHEAD says by how many milliseconds the clock is ahead');

const Real = Date;
const now = () => Real.now() + ahead;
const Ahead = new Proxy(Real, {
  construct: (target, args, made) => Reflect.construct(target, args.length === 0 ? [now()] : args, made),
  apply: () => new Real(now()).toString(),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
});
Real.prototype.constructor = Ahead;
globalThis.Date = Ahead;

export {};
