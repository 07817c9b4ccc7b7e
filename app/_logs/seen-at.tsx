import { SEEN_FROM, type SeenFrom } from '#lib/provenance/log-words.ts';
import { Value } from '../_ui/value.tsx';

/** By what way a head reached us, with the witness, address or bundle that showed it. */
export function SeenAt({ seenFrom, seenAt }: { readonly seenFrom: SeenFrom; readonly seenAt: string | null }) {
  return (
    <span className="wrap-anywhere">
      {SEEN_FROM[seenFrom]}
      {seenAt === null ? null : (
        <>
          {' '}
          {seenFrom === 'bundle' ? (
            <a className="link" href={`/api/v1/bundles/${encodeURIComponent(seenAt)}`}>
              <Value value={seenAt} limit={32} />
            </a>
          ) : (
            <Value value={seenAt} limit={48} />
          )}
        </>
      )}
    </span>
  );
}
