import type { ValueMatcher } from '#lib/watch/value-matcher.ts';

/** One who may sign. All that is given must be met; one of identity, key and authority is. */
export interface ExpectedSigner {
  readonly identity?: ValueMatcher;
  readonly issuer?: ValueMatcher;
  /** Name of a key under `trust.keys`. */
  readonly key?: string;
  /** Name of an authority under `trust.authorities`; with `identity`, its certificate's name must match too. */
  readonly authority?: string;
}

/** Who is expected to sign the models whose name matches. The first policy that matches a name holds. */
export interface ModelPolicy {
  readonly name: string;
  readonly models: ValueMatcher;
  readonly signers: readonly ExpectedSigner[];
  /** Who may state provenance of them besides their signers. */
  readonly attesters: readonly ExpectedSigner[];
  /** Whether a version without provenance is a finding even where none before had any. */
  readonly requireProvenance: boolean;
}
