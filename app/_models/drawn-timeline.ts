import { formatUtc } from '#lib/provenance/format.ts';
import type { Lane, Mark, Signing, SigningKind, Timeline } from '#lib/provenance/timeline.ts';
import { elideMiddle, showText } from '#lib/provenance/untrusted-text.ts';

/** Signings that one mark tells of in words. */
const TOLD = 5;

/** The worst first: what a mark for several is drawn as. */
const RANK: readonly SigningKind[] = ['observed', 'model', 'undated', 'attestation', 'unclaimed'];

export const KIND_WORDS: Readonly<Record<SigningKind, string>> = {
  model: 'Model signature',
  undated: 'Model signature, not logged: placed where it was first seen',
  attestation: 'Statement about it',
  unclaimed: 'Unclaimed signing',
  observed: 'Version that nobody signed',
};

/** A mark with all that a browser needs to draw it, and no more. */
export interface DrawnMark {
  readonly x: number;
  readonly kind: SigningKind;
  readonly count: number;
  readonly title: string;
  /** The row of its first signing. */
  readonly href: string;
  /** The first few signings, in words. */
  readonly told: readonly { readonly when: string; readonly kind: SigningKind; readonly label: string }[];
}

export interface DrawnTimeline extends Omit<Timeline, 'lanes'> {
  readonly lanes: readonly (Omit<Lane, 'marks'> & { readonly marks: readonly DrawnMark[] })[];
  /** Kinds of signings that are drawn. */
  readonly kinds: readonly SigningKind[];
}

/** The first `most` lanes of a timeline as the browser draws them; `hrefOf` says where a signing's row is. */
export function drawTimeline(timeline: Timeline, most: number, hrefOf: (signing: Signing) => string): DrawnTimeline {
  const lanes = timeline.lanes.slice(0, most);
  const kinds = new Set(
    lanes.flatMap(({ marks }) => marks.flatMap(({ signings }) => signings.map(({ kind }) => kind))),
  );
  return {
    ...timeline,
    lanes: lanes.map((lane) => ({ ...lane, marks: lane.marks.flatMap((mark) => drawMark(mark, hrefOf)) })),
    changes: timeline.changes.filter(({ fromLane, toLane }) => Math.max(fromLane, toLane) < most),
    kinds: RANK.filter((kind) => kinds.has(kind)),
  };
}

function drawMark({ x, signings }: Mark, hrefOf: (signing: Signing) => string): DrawnMark[] {
  const [first] = signings;
  const last = signings.at(-1);
  if (!first || !last) return [];
  const title =
    signings.length === 1
      ? `${KIND_WORDS[first.kind]}, ${elideMiddle(showText(first.label), 80)}, ${formatUtc(first.at)}`
      : `${signings.length} signings from ${formatUtc(first.at)} to ${formatUtc(last.at)}`;
  return [
    {
      x: Math.round(x * 10_000) / 10_000,
      kind: RANK.find((kind) => signings.some((signing) => signing.kind === kind)) ?? first.kind,
      count: signings.length,
      title,
      href: hrefOf(first),
      told: signings
        .slice(0, TOLD)
        .map(({ at, kind, label }) => ({ when: formatUtc(at), kind, label: elideMiddle(showText(label), 90) })),
    },
  ];
}
