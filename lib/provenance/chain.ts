import type { InputRole } from '#lib/attestation/facts.ts';
import type { ArtifactKind, LinkState, SignatureState } from './link-state.ts';

/** An artifact in a chain, with all that a picture or a table of it needs. */
export interface ChainNode {
  readonly id: number;
  readonly kind: ArtifactKind;
  /** A claim, for people; null where nothing names it. */
  readonly name: string | null;
  /** Its best alias, by which its page is found: `/artifacts/<scheme>/<value>`. */
  readonly scheme: string;
  readonly value: string;
  /** The model and version that it is, where one is known under this artifact. */
  readonly model: {
    readonly slug: string;
    readonly name: string;
    readonly versionId: string;
    readonly label: string | null;
  } | null;
  readonly signature: SignatureState;
  readonly signatureReason: string;
  /** Who signed it, of the signature that counts. */
  readonly signer: { readonly san: string; readonly issuer: string | null } | null;
  /** Milliseconds; proven, else null. */
  readonly signedAt: number | null;
  readonly weakest: LinkState | null;
  readonly weakestLinkId: number | null;
  readonly inputs: number;
  readonly pinnedInputs: number;
  readonly verdictSince: number;
  /** Links from the artifact that was asked for, the shortest way. */
  readonly distance: number;
}

/** Child to parent in one role: what all documents together say of it. */
export interface ChainEdge {
  /** Of the strongest statement; stable as long as that statement stands. */
  readonly id: number;
  readonly childId: number;
  readonly parentId: number;
  readonly role: InputRole;
  /** That of the strongest statement; `conflict` where one conflicts. */
  readonly state: LinkState;
  readonly reason: string;
  /** Every statement of this link, the strongest first. */
  readonly statements: readonly ChainStatement[];
}

export interface ChainStatement {
  readonly linkId: number;
  readonly state: LinkState;
  readonly reason: string;
  readonly name: string | null;
  readonly uri: string | null;
  readonly digests: readonly { readonly algorithm: string; readonly digest: string }[];
  /** The field that says so. */
  readonly at: string;
  /** The verified bundle, or the unsigned file; one of the two. */
  readonly bundleId: string | null;
  readonly eventId: string | null;
  readonly signer: { readonly san: string; readonly issuer: string | null } | null;
  readonly declaration: { readonly source: string; readonly path: string; readonly kind: string } | null;
}

/** Part of the graph around one artifact, upstream (`ancestors`) or downstream (`descendants`). */
export interface Chain {
  readonly focusId: number;
  readonly direction: 'ancestors' | 'descendants';
  /** The focus first, then by distance, then by id: the same for the same data, always. */
  readonly nodes: readonly ChainNode[];
  readonly edges: readonly ChainEdge[];
  /** Nodes beyond the limit that was asked for. */
  readonly omitted: number;
  /** Over all nodes of an ancestors chain, omitted ones too: links by state, and how many carry a digest. */
  readonly summary: {
    readonly links: Readonly<Record<LinkState, number>>;
    readonly pinned: number;
    readonly total: number;
  };
}
