import { describe, it } from 'vitest';
import { TREES } from '#test/support/hostile-log/trees.ts';
import { expectNoticed } from './notice.ts';

describe('a log that shows another tree', () => {
  it.each(TREES)('$name: $does', expectNoticed);
});
