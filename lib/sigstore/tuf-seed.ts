import seeds from '@sigstore/tuf/seeds.json' with { type: 'json' };
import { TrustError } from './trust-error.ts';

/** The public-good Sigstore's mirror, for which @sigstore/tuf ships a first root and its targets. */
export const PUBLIC_GOOD_MIRROR = 'https://tuf-repo-cdn.sigstore.dev';

/** The trusted_root.json that was current when @sigstore/tuf was published, or null for other mirrors. */
export function seededTrustedRoot(mirror: string): Buffer | null {
  if (mirror !== PUBLIC_GOOD_MIRROR) return null;
  const base64 = seeds[PUBLIC_GOOD_MIRROR].targets['trusted_root.json'];
  return Buffer.from(base64, 'base64');
}

/** The public-good trust root without any network. @throws {TrustError} where the package lost its seeds. */
export function publicGoodSeed(): Buffer {
  const seed = seededTrustedRoot(PUBLIC_GOOD_MIRROR);
  if (seed) return seed;
  throw new TrustError('unreachable', 'The package @sigstore/tuf holds no trust root. Install the packages again.');
}
