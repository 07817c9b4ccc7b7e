import type { OciSource } from '#lib/config/sources-schema.ts';
import type { OciStore } from '#lib/oci/store.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { Standards } from '#lib/services/standards.ts';

/** One look at an OCI source: what it reads, by which standards, and what it came to so far. */
export interface OciLook {
  readonly ctx: ServiceContext;
  readonly source: OciSource;
  readonly standards: Standards;
  readonly store: OciStore;
  readonly counts: Record<'manifests' | 'read' | 'accepted' | 'refused' | 'unchanged' | 'skipped', number>;
  readonly signal: AbortSignal | undefined;
}
