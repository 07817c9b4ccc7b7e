/** What a link from a thing to one of its inputs can be, the best first (design, Words). */
export const LINK_STATES = ['verified', 'parent-unsigned', 'parent-unknown', 'declared', 'conflict'] as const;

export type LinkState = (typeof LINK_STATES)[number];

/** What is known of an artifact's own signature, the best first (db/schema/artifact.ts says what each means). */
export const SIGNATURE_STATES = ['verified', 'unlogged', 'unexpected', 'unsigned', 'unknown'] as const;

export type SignatureState = (typeof SIGNATURE_STATES)[number];

export const ARTIFACT_KINDS = ['model', 'dataset', 'code', 'environment', 'component'] as const;

export type ArtifactKind = (typeof ARTIFACT_KINDS)[number];

/** The weaker of two; null stands for "no link at all", which weakens nothing. */
export function weakerOf(a: LinkState | null, b: LinkState | null): LinkState | null {
  if (a === null) return b;
  if (b === null) return a;
  return LINK_STATES.indexOf(a) >= LINK_STATES.indexOf(b) ? a : b;
}
