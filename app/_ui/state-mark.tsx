import type { State, Tone } from '#lib/provenance/state.ts';

const COLOURS: Readonly<Record<Tone, string>> = {
  proven: 'text-proven',
  claimed: 'text-claimed',
  broken: 'text-broken',
  unknown: 'text-unknown',
};

/**
 * The shape of a state: a filled disc with a tick, an empty diamond, a filled octagon with a cross, a broken ring.
 * They differ without their colour; the word beside them is what counts.
 */
export function StateGlyph({ tone, size = 14 }: { tone: Tone; size?: number }) {
  return <Glyph tone={tone} size={size} className={`glyph ${COLOURS[tone]}`} />;
}

/** In the colour of the text around it. */
function Glyph({ tone, size, className }: { tone: Tone; size: number; className: string }) {
  return (
    <svg className={className} width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      {SHAPES[tone]}
    </svg>
  );
}

const SHAPES: Readonly<Record<Tone, React.ReactNode>> = {
  proven: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path d="M4.8 8.2l2.2 2.3 4.2-4.8" fill="none" stroke="var(--surface)" strokeWidth="1.8" />
    </>
  ),
  claimed: <path d="M8 1.6L14.4 8 8 14.4 1.6 8z" fill="none" stroke="currentColor" strokeWidth="1.7" />,
  broken: (
    <>
      <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" fill="currentColor" />
      <path d="M5.3 5.3l5.4 5.4M10.7 5.3l-5.4 5.4" stroke="var(--surface)" strokeWidth="1.8" />
    </>
  ),
  unknown: (
    <circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" strokeWidth="1.7" strokeDasharray="3 2.57" />
  ),
};

/** A state as people read it: shape and word, with its meaning on hover. */
export function StateMark({ state: { tone, meaning, word }, className = '' }: { state: State; className?: string }) {
  const classes = `state ${COLOURS[tone]}`;
  return (
    <span className={className === '' ? classes : `${classes} ${className}`} title={meaning}>
      <Glyph tone={tone} size={14} className="glyph" />
      {word}
    </span>
  );
}
