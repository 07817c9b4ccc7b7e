import { formatBytes, formatPlural } from '#lib/provenance/format.ts';
import type { HashedModel } from './hash-output.ts';

export interface HashTiming {
  /** What was read; what the cache knew was not. */
  readonly hashedBytes: number;
  readonly milliseconds: number;
}

const SHOWN_LEFT_OUT = 5;

/** What was hashed, how fast, and what it comes to, for people. */
export function summaryLines(model: HashedModel, { hashedBytes, milliseconds }: HashTiming): string[] {
  const { path, files, asked } = model;
  const bytes = bytesOf(model);
  const cached = bytes - hashedBytes;
  const perSecond = Math.round((hashedBytes / Math.max(1, milliseconds)) * 1000);
  const speed = `${(milliseconds / 1000).toFixed(1)} s, ${formatBytes(perSecond)}/s`;
  const how = asked.shardSize === null ? asked.hashType : `${asked.hashType} in shards of ${asked.shardSize} bytes`;
  const known = cached > 0 ? `; ${formatBytes(cached)} known from the cache` : '';
  return [
    `${path}: ${formatPlural(files.files.size, 'file')}, ${formatBytes(bytes)}, ${how} (${speed}${known})`,
    ...leftOutLine(files.ignored.map((left) => left.path)),
    ...rootFacts(model).map(([label, value]) => `${label}: ${value}`),
  ];
}

function leftOutLine(paths: readonly string[]): string[] {
  if (paths.length === 0) return [];
  const more = paths.length > SHOWN_LEFT_OUT ? ` and ${paths.length - SHOWN_LEFT_OUT} more` : '';
  return [`Left out: ${paths.slice(0, SHOWN_LEFT_OUT).join(', ')}${more}`];
}

function bytesOf({ files }: HashedModel): number {
  return [...files.files.values()].reduce((total, { size }) => total + size, 0);
}

/** The root, or both where the two orders give two, and the manifest id. */
export function rootFacts({ roots, manifestId }: HashedModel): [label: string, value: string][] {
  const { python, specification } = roots;
  if (python === specification) {
    return [
      ['OMS root', python],
      ['Manifest id', manifestId],
    ];
  }
  return [
    ['OMS root as model_signing orders files', python],
    ['OMS root as the specification orders them', specification],
    ['Manifest id', manifestId],
  ];
}

/** The same for machines, with every digest. */
export function hashReport(model: HashedModel, { hashedBytes, milliseconds }: HashTiming) {
  const { path, files, asked, roots, manifestId } = model;
  return {
    path,
    name: files.name,
    hashType: asked.hashType,
    shardSize: asked.shardSize,
    files: files.files.size,
    bytes: bytesOf(model),
    hashedBytes,
    seconds: Math.round(milliseconds) / 1000,
    roots,
    manifestId,
    leftOut: files.ignored.map((left) => ({ path: left.path, by: left.rule.by })),
    resources: files.resources.map(({ name, algorithm, digest }) => ({ name, algorithm, digest })),
  };
}
