import type { KnownTarget } from '#lib/services/sharing/target.ts';

/** What a shared thing is called in lists. */
export function targetName({ kind, name, label }: KnownTarget): string {
  if (kind === 'model') return name;
  return label === null ? `${name}, one version` : `${name}, version ${label}`;
}
