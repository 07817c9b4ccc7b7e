import type { TrainingLogSeal } from './seal.ts';

/** The name by which a byproduct of SLSA provenance is known to be a training log. */
export const TRAINING_LOG_BYPRODUCT = 'training-log';
export const TRAINING_LOG_MEDIA_TYPE = 'application/vnd.modeltrail.training-log.v1+jsonl';

/** An in-toto ResourceDescriptor of a sealed training log (docs/training-log.md, Attesting). */
export interface TrainingLogByproduct {
  readonly name: typeof TRAINING_LOG_BYPRODUCT;
  readonly mediaType: typeof TRAINING_LOG_MEDIA_TYPE;
  /** Of the whole sealed file, lowercase hex. */
  readonly digest: { readonly sha256: string };
  /** The tree that the seal states: how many lines, and their RFC 6962 root in lowercase hex. */
  readonly annotations: { readonly treeSize: number; readonly rootHash: string };
}

/** What SLSA provenance v1 names in `runDetails.byproducts` so that the log can be held against it later. */
export function trainingLogByproduct({ size, root, sha256 }: TrainingLogSeal): TrainingLogByproduct {
  return {
    name: TRAINING_LOG_BYPRODUCT,
    mediaType: TRAINING_LOG_MEDIA_TYPE,
    digest: { sha256 },
    annotations: { treeSize: size, rootHash: root },
  };
}
