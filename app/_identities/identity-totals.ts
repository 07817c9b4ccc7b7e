import type { IdentityDetail } from '#lib/services/identity/get.ts';

/** How many entries name an identity, by what is proven of them. */
export function identityTotals({ counts }: Pick<IdentityDetail, 'counts'>) {
  const total = (isMeant: (row: IdentityDetail['counts'][number]) => boolean) =>
    counts.filter(isMeant).reduce((sum, { count }) => sum + count, 0);
  const isProven = (row: IdentityDetail['counts'][number]) => row.authenticity === 'verified';
  return {
    proven: total(isProven),
    impersonations: total(({ authenticity }) => authenticity === 'impersonation'),
    unverifiable: total(({ authenticity }) => authenticity === 'unverifiable'),
    unclaimed: total((row) => isProven(row) && (row.claim === 'unclaimed' || row.claim === 'probable')),
  };
}
