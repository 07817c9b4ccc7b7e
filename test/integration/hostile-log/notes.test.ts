import { describe, it } from 'vitest';
import { NOTES } from '#test/support/hostile-log/notes.ts';
import { expectNoticed } from './notice.ts';

describe('a log that signs another note', () => {
  it.each(NOTES)('$name: $does', expectNoticed);
});
