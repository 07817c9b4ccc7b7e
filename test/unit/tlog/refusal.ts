import { expect } from 'vitest';
import type { TlogErrorCode } from '#lib/tlog/error.ts';

/** Matches the TlogError of that code, for `toThrow`. */
export function refusal(code: TlogErrorCode): unknown {
  return expect.objectContaining({ name: 'TlogError', code });
}
