import { ImageResponse } from 'next/og';
import { formatUtcDate } from '#lib/provenance/format.ts';
import { PUBLIC, type PublicState } from '#lib/provenance/public-state.ts';
import { elideMiddle } from '#lib/provenance/untrusted-text.ts';
import { BADGE_COLOURS } from './badge.ts';

export interface PreviewFacts {
  readonly name: string;
  readonly label: string | null;
  /** Stands for names that cannot be drawn. */
  readonly reserve: string;
  readonly state: PublicState;
  readonly since: number;
}

/**
 * What the font at hand has. For any other character the renderer would ask servers elsewhere for a font or a picture, so
 * that a name with one is not drawn.
 */
const DRAWN = /^[\u0020-\u007e\u00a1-\u00ac\u00ae-\u017f]+$/;

/** The name as it can be drawn without asking anybody. */
export function drawnName({ name, label, reserve }: Pick<PreviewFacts, 'name' | 'label' | 'reserve'>): string {
  const whole = label === null ? name : `${name} ${label}`;
  return elideMiddle(DRAWN.test(whole) ? whole : reserve, 60);
}

/** The picture that social networks show beside a link: 1200 by 630 pixels. */
export async function renderPreview(facts: PreviewFacts): Promise<Uint8Array<ArrayBuffer>> {
  const { tone, word, meaning } = PUBLIC[facts.state];
  const image = new ImageResponse(
    <div
      style={{
        display: 'flex',
        flexDirection: 'column',
        width: '100%',
        height: '100%',
        padding: 72,
        background: '#f5f6f6',
        color: '#14181a',
        borderLeft: `24px solid ${BADGE_COLOURS[tone]}`,
      }}
    >
      <div style={{ display: 'flex', fontSize: 30, color: '#50595e' }}>Provenance of a model</div>
      <div style={{ display: 'flex', marginTop: 20, fontSize: 64, lineHeight: 1.15, wordBreak: 'break-all' }}>
        {drawnName(facts)}
      </div>
      <div style={{ display: 'flex', flexDirection: 'column', marginTop: 'auto' }}>
        <div style={{ display: 'flex', fontSize: 52, color: BADGE_COLOURS[tone] }}>
          {word} since {formatUtcDate(facts.since)}
        </div>
        <div style={{ display: 'flex', marginTop: 16, fontSize: 30, color: '#50595e' }}>{meaning}</div>
      </div>
    </div>,
    { width: 1200, height: 630 },
  );
  return new Uint8Array(await image.arrayBuffer());
}
