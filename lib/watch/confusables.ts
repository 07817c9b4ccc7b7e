/**
 * Characters beyond ASCII that are drawn like ASCII ones, by code point: the idea of Unicode UTS #39, cut down to what
 * names of people, hosts and workflows are made of. What compatibility decomposition (NFKD) gives back by itself is not
 * here: fullwidth, mathematical, circled and accented letters, superscripts. Capitals stand here only where they look
 * like another letter than their small form does; the others are found by it.
 */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  a: '251 3b1 430 1d00 13aa',
  b: '253 180 183 185 df 3b2 432 44c 299 13f4 13cf',
  c: '188 23c 3c2 3f2 441 1d04 2ca5 13df',
  d: '111 256 257 18c 501 1d05 13a0 13e7',
  e: '247 25b 3b5 435 454 4bd 212e 1d07 13ac',
  f: '192 3dd 584',
  g: '1e5 260 261 18d 581 262 13c0 13f3',
  h: '127 266 397 43d 45b 4bb 570 29c 13bb 13c2',
  i: '131 268 269 26a 3b9 456 1d7b a4f2',
  j: '249 237 29d 3f3 458 575 13ab',
  k: '199 3ba 43a 49b 49d 49f 4a1 1d0b 13e6',
  l: '142 19a 26b 26d 196 1c0 4cf 5d5 5df 627 661 6f1 7ca 16c1 2223 2d4f 13de',
  m: '271 39c 43c 4ce 1d0d 13b7',
  n: '14b 19e 272 273 274 39d 3b7 43f 578 57c',
  o: 'f8 275 3b8 3bf 3c3 43e 473 4e9 585 5e1 647 665 6f5 966 c66 d20 7c0 b20 12d0 1d0f 2c9f 3007',
  p: 'fe 1a5 1bf 3c1 440 2374 1d18 2ca3 13e2',
  q: '24b 2a0 51b 563 566',
  r: '24d 27c 27d 27e 280 433 1d26 2c85 13a1 13d2',
  s: '1bd 282 455 54f a731 13d5 13da',
  t: '167 1ab 1ad 288 3c4 442 1d1b 13a2',
  u: '289 28b 3bc 3c5 438 446 57d 1d1c 222a',
  v: '3bd 475 5d8 1d20 2228 22c1 13d9',
  w: '26f 3c9 448 461 51d 561 1d21 13b3 13d4',
  x: 'd7 3c7 445 4b3 2715 292b 2a2f',
  y: '1b4 24f 263 28f 3a5 3b3 443 4af 4b1 10e7 13a9',
  z: '1b6 225 240 290 291 3b6 1d22 13c3',
  ae: 'e6 4d5',
  oe: '153',
  bl: '44b',
  '2': '1a8',
  '3': '21d 292 437 4e1',
  '4': '447',
  '6': '431',
  '8': '223',
  '.': 'b7 660 6f0 701 702 2022 2027 2219 22c5 3002 30fb a60e',
  '/': '2041 2044 2215 2571 27cb 29f8 3033 4e3f',
  '-': '2d7 58a 5be 6d4 1806 2010 2011 2012 2013 2014 2015 2043 2212 2500 2796 2cba 30fc 4e00',
  ':': '2d0 589 5c3 2236 a789',
  _: '2cd',
  '!': '1c3',
  '+': '2795',
};

const TABLE: ReadonlyMap<string, string> = new Map(
  Object.entries(LOOK_ALIKES).flatMap(([ascii, codes]) =>
    codes.split(' ').map((code) => [String.fromCodePoint(Number.parseInt(code, 16)), ascii] as const),
  ),
);

/** The ASCII that this character, decomposed already, is drawn like; itself where the table names none. */
export function asciiLike(character: string): string {
  return TABLE.get(character) ?? TABLE.get(character.toLowerCase()) ?? character;
}
