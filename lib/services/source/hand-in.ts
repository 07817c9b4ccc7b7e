import { hash } from 'node:crypto';
import type { ServiceContext } from '#lib/services/context.ts';
import type { Standards } from '#lib/services/standards.ts';
import { splitBundles } from './split-bundles.ts';
import { takeBundle } from './take-bundle.ts';

export interface HandedIn {
  readonly bytes: Uint8Array;
  /** One bundle a line, instead of one in all. Empty lines are passed over. */
  readonly isLines: boolean;
  readonly channel: 'upload' | 'api';
  /** Who brought it: the token's name, or `browser`. */
  readonly source: string;
  /** The file's name as it was brought; null where it has none, and its digest stands for it. */
  readonly name: string | null;
}

export interface HandInResult {
  /** Line of what was handed in, from 1. */
  readonly line: number;
  readonly outcome: 'accepted' | 'refused';
  readonly bundleId: string | null;
  readonly isNew: boolean;
  readonly code: string | null;
  readonly reason: string | null;
  readonly at: string | null;
}

const MAX_NAME = 500;

/**
 * Takes bundles that somebody hands in, each by itself, and lists them with what became of them: one that is refused
 * stops no other.
 *
 * @throws {RangeError} before anything is taken, where there are more lines than are taken at once.
 */
export function handInBundles(ctx: ServiceContext, handed: HandedIn, standards: Standards): HandInResult[] {
  const { bytes, isLines, channel, source } = handed;
  const parts = isLines ? splitBundles('lines', bytes) : [{ number: 1, bytes }];
  return parts.map((part) => {
    const name = (handed.name ?? hash('sha256', part.bytes)).slice(0, MAX_NAME);
    const path = isLines && handed.name !== null ? `${name}#${part.number}` : name;
    const taken = takeBundle(ctx, standards, { channel, source, path, modifiedAt: ctx.now() }, part.bytes);
    const { outcome, bundleId } = taken;
    const refusal = taken.outcome === 'refused' ? taken : { code: null, reason: null, at: null };
    const isNew = taken.outcome === 'accepted' && taken.isNew;
    return {
      line: part.number,
      outcome,
      bundleId,
      isNew,
      code: refusal.code,
      reason: refusal.reason,
      at: refusal.at,
    };
  });
}
