import type { SigningKind } from '#lib/provenance/timeline.ts';

export const KIND_WORDS: Readonly<Record<SigningKind, string>> = {
  model: 'Model signature',
  attestation: 'Statement about it',
  unclaimed: 'Unclaimed signing',
};

/** The shape of a kind of signing, centred on the origin: a disc, a sheet of paper, a broken ring. */
export function KindShape({ kind }: { kind: SigningKind }) {
  if (kind === 'model') return <circle r="6" fill="var(--accent)" />;
  if (kind === 'unclaimed')
    return <circle r="4.8" fill="var(--surface)" stroke="var(--unknown)" strokeWidth="1.8" strokeDasharray="2.6 2" />;
  return (
    <>
      <rect
        x="-5"
        y="-6.5"
        width="10"
        height="13"
        rx="1.5"
        fill="var(--surface)"
        stroke="var(--accent)"
        strokeWidth="1.7"
      />
      <path d="M-2.3-2h4.6M-2.3 1.5h4.6" stroke="var(--accent)" strokeWidth="1.3" />
    </>
  );
}

/** Says what the shapes mean, and the other signs of the picture. */
export function TimelineLegend({ hasGaps, hasChanges }: { hasGaps: boolean; hasChanges: boolean }) {
  return (
    <ul aria-label="Legend" className="flex flex-wrap gap-x-5 gap-y-1 text-[0.8125rem] text-muted">
      {(['model', 'attestation', 'unclaimed'] as const).map((kind) => (
        <li key={kind} className="flex items-center gap-1.5">
          <svg width="16" height="16" viewBox="-8 -8 16 16" aria-hidden="true">
            <KindShape kind={kind} />
          </svg>
          {KIND_WORDS[kind]}
        </li>
      ))}
      {hasChanges ? (
        <li className="flex items-center gap-1.5">
          <svg width="16" height="16" viewBox="-8 -8 16 16" aria-hidden="true">
            <line y1="-7" y2="7" stroke="var(--claimed)" strokeWidth="1.6" strokeDasharray="3 2" />
          </svg>
          Signer changed
        </li>
      ) : null}
      {hasGaps ? (
        <li className="flex items-center gap-1.5">
          <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
            <path d="M1 15L15 1M1 8L8 1M8 15L15 8" stroke="var(--edge)" />
          </svg>
          Unusually long silence
        </li>
      ) : null}
    </ul>
  );
}
