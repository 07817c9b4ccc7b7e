/**
 * OpenSSF Model Signing manifests, made here apart from lib/model-signing so that the fixture does not rest on the code
 * it tests. Python's `model_signing` verifies what is made of them.
 */
import { createHash } from 'node:crypto';
import { sha256 } from './files.ts';

export const OMS_PREDICATE = 'https://model_signing/signature/v1.0';

export interface ModelVersion {
  readonly model: string;
  readonly version: string;
  readonly files: ReadonlyMap<string, Buffer>;
  /** Lowercase hex: SHA-256 over the files' SHA-256 digests in the manifest's order. */
  readonly root: string;
}

/** A version of a model with its OMS root; `files` maps slash-separated paths to contents. */
export function modelVersion(model: string, version: string, files: Readonly<Record<string, Buffer>>): ModelVersion {
  const sorted = Object.entries(files).sort(([a], [b]) => compareByComponents(a, b));
  const hash = createHash('sha256');
  for (const [, bytes] of sorted) hash.update(createHash('sha256').update(bytes).digest());
  return { model, version, files: new Map(sorted), root: hash.digest('hex') };
}

/** The in-toto statement of an OMS signature, serialised. */
export function omsStatement(version: ModelVersion): Buffer {
  const resources = [...version.files].map(([name, bytes]) => ({ name, algorithm: 'sha256', digest: sha256(bytes) }));
  const ignorePaths = ['.git', '.gitattributes', '.github', '.gitignore'];
  return Buffer.from(
    JSON.stringify({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: version.model, digest: { sha256: version.root } }],
      predicateType: OMS_PREDICATE,
      predicate: {
        serialization: { method: 'files', hash_type: 'sha256', allow_symlinks: false, ignore_paths: ignorePaths },
        resources,
      },
    }),
  );
}

/** Python's order of `PurePosixPath`: component by component. The story's names are ASCII, so code units decide alike. */
function compareByComponents(a: string, b: string): number {
  const left = a.split('/');
  const right = b.split('/');
  for (let i = 0; i < Math.min(left.length, right.length); i += 1) {
    const [x, y] = [left[i] ?? '', right[i] ?? ''];
    if (x !== y) return x < y ? -1 : 1;
  }
  return left.length - right.length;
}
