/**
 * What an incident is about: things that went into models, who signed them, where in the logs, when. A time window and
 * `all`/`any` narrow and join them. Sizes are bounded by whoever reads one from outside.
 */
export type Scope =
  | { readonly all: readonly Scope[] }
  | { readonly any: readonly Scope[] }
  | { readonly is: Criterion };

/** Texts are compared as they are given, byte for byte; digests and fingerprints are lowercase hex. */
export type Criterion =
  /** By any alias: `sha256:…`, `repository@commit`, a name or address. */
  | { readonly kind: 'dataset' | 'base-model'; readonly alias: string }
  /** A git commit, whole or its first 7 characters or more. */
  | { readonly kind: 'commit'; readonly commit: string }
  /** The repository that built or holds the code: `https://github.com/owner/name`. */
  | { readonly kind: 'repository'; readonly repository: string }
  /** The workflow's file, with or without its ref. */
  | { readonly kind: 'workflow'; readonly workflow: string }
  | { readonly kind: 'builder'; readonly builder: string }
  /** Through every issuer where none is said. */
  | { readonly kind: 'identity'; readonly identity: string; readonly issuer?: string }
  /** SHA-256 of the key's SPKI, or of the certificate. */
  | { readonly kind: 'key'; readonly fingerprint: string }
  /** Of a file of the model, or of the whole model. */
  | { readonly kind: 'file'; readonly digest: string }
  /** Entries of a log, from `from` up to but without `to`. */
  | { readonly kind: 'log-range'; readonly origin: string; readonly from: number; readonly to: number }
  /** Signed within, by proven time: milliseconds since the epoch, either end may be open. */
  | { readonly kind: 'window'; readonly from: number | null; readonly to: number | null };

/** How sure it is that an artifact is affected, the surest first. */
export type Tier = 'proven' | 'descendant' | 'declared' | 'not-excluded';

/** One step on the way from what the scope names to the artifact. */
export interface PathStep {
  readonly artifactId: number;
  /** The link that led here from the step before; null for the first. */
  readonly linkId: number | null;
  /** What is known of that link; null for the first. */
  readonly state: 'verified' | 'parent-unsigned' | 'parent-unknown' | 'declared' | 'conflict' | null;
  /** Who says so: ids of bundles (`bdl_…`), events (`evt_…`) or declarations (`declaration 12`). */
  readonly proofs: readonly string[];
  /** One sentence for people: why this step. */
  readonly because: string;
}

/** An artifact that a scope reaches. */
export interface Affected {
  readonly artifactId: number;
  readonly tier: Tier;
  /** From what the scope names to the artifact itself, which is the last step. */
  readonly path: readonly PathStep[];
}
