/** Lengths that the strings of a single alert are cut to, where it is too long whole: what strangers wrote may be. */
const SHORTER = [1000, 400, 120];

/**
 * The longest message that a receiver takes: of as many alerts as fit, the first of them cut short if it does not fit alone.
 *
 * @param most alerts that are shown at the most.
 * @param build writes the message of so many alerts, none of their strings longer than said.
 */
export function longestThatFits(
  most: number,
  build: (count: number, longest: number) => string,
  fits: (body: string) => boolean,
): string {
  for (let count = most; count > 0; count -= Math.max(1, Math.floor(count / 4))) {
    const body = build(count, Number.POSITIVE_INFINITY);
    if (fits(body)) return body;
  }
  for (const longest of SHORTER) {
    const body = build(1, longest);
    if (fits(body)) return body;
  }
  return build(0, 0);
}
