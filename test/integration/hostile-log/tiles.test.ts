import { describe, it } from 'vitest';
import { TILES } from '#test/support/hostile-log/tiles.ts';
import { expectNoticed } from './notice.ts';

describe('a log that serves other tiles', () => {
  it.each(TILES)('$name: $does', expectNoticed);
});
