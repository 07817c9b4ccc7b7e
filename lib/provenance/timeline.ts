import { isSameRepository, signerOf } from './signer.ts';
import type { Authenticity } from './state.ts';
import { type Tick, timelineTicks } from './timeline-ticks.ts';

/**
 * `model`: a signature over the model's files; `undated`: one of which nothing proves when it was made, placed where it
 * was first seen. `attestation`: a signed statement about them. `unclaimed`: the same signer signed something that nobody
 * has shown. `observed`: a version that was seen, and that nobody has signed.
 */
export type SigningKind = 'model' | 'undated' | 'attestation' | 'unclaimed' | 'observed';

export interface Signing {
  readonly id: string;
  readonly kind: SigningKind;
  readonly at: number;
  readonly san: string | null;
  readonly issuer: string | null;
  readonly authenticity: Authenticity;
  /** What it is about, in a few words. */
  readonly label: string;
}

/** Signings so close together that one mark stands for them. */
export interface Mark {
  /** 0 to 1, from left to right. */
  readonly x: number;
  readonly signings: readonly Signing[];
}

/** One signer: an identity together with its issuer, for an address at two issuers is two identities. */
export interface Lane {
  /** Of a workflow without the branch or tag it ran on: releases are not each a new signer. */
  readonly san: string | null;
  readonly issuer: string | null;
  /** The lane of versions that nobody has signed. */
  readonly isUnsigned: boolean;
  readonly marks: readonly Mark[];
}

/** A silence between two model signatures that is long for this model. */
export interface Gap {
  readonly from: number;
  readonly to: number;
  readonly x1: number;
  readonly x2: number;
}

/** Where a model signature came from another signer than the one before it. */
export interface SignerChange {
  readonly at: number;
  readonly x: number;
  readonly fromLane: number;
  readonly toLane: number;
  /** `workflow`: another one of the same repository. */
  readonly kind: 'signer' | 'workflow';
}

export interface Timeline {
  readonly lanes: readonly Lane[];
  readonly gaps: readonly Gap[];
  readonly changes: readonly SignerChange[];
  readonly ticks: readonly (Tick & { readonly x: number })[];
  /** Where the present stands, when it is on the scale. */
  readonly nowX: number | null;
}

const EDGE = 0.03;
const MERGE_WITHIN = 0.022;
const DAY = 86_400_000;

/** Lays signings out in time: lanes by first appearance, positions on a linear scale, long silences and changes of signer. */
export function layOutTimeline(signings: readonly Signing[], now: number): Timeline {
  const ordered = [...signings].sort((a, b) => a.at - b.at);
  const scale = makeScale(ordered, now);
  const byLane = new Map<string, Signing[]>();
  for (const signing of ordered) {
    const key = laneKey(signing);
    const lane = byLane.get(key);
    if (lane) lane.push(signing);
    else byLane.set(key, [signing]);
  }
  const keys = [...byLane.keys()];
  const models = ordered.filter(({ kind }) => kind === 'model' || kind === 'undated');
  return {
    lanes: [...byLane.values()].map((lane) => ({
      san: signerOf(lane[0]?.san ?? null),
      issuer: lane[0]?.issuer ?? null,
      isUnsigned: lane[0]?.kind === 'observed',
      marks: mergeMarks(lane, scale.x),
    })),
    gaps: longSilences(models).map(({ from, to }) => ({ from, to, x1: scale.x(from), x2: scale.x(to) })),
    changes: signerChanges(models, keys, scale.x),
    ticks:
      ordered.length === 0 ? [] : timelineTicks(scale.from, scale.to).map((tick) => ({ ...tick, x: scale.x(tick.at) })),
    nowX: scale.showsNow ? scale.x(now) : null,
  };
}

function laneKey({ kind, san, issuer }: Signing): string {
  return kind === 'observed' ? kind : JSON.stringify([signerOf(san), issuer]);
}

/** The present is on the scale unless the signings would shrink to nothing beside the time since. */
function makeScale(ordered: readonly Signing[], now: number) {
  const first = ordered[0]?.at ?? now;
  const last = ordered.at(-1)?.at ?? now;
  const showsNow = now >= last && now - last <= Math.max(3 * (last - first), DAY);
  const end = showsNow ? now : last;
  const isPoint = end - first < 1000;
  const from = isPoint ? first - DAY / 2 : first;
  const to = isPoint ? first + DAY / 2 : end;
  const x = (at: number) => EDGE + ((at - from) / (to - from)) * (1 - 2 * EDGE);
  return { from, to, x, showsNow: showsNow && !isPoint };
}

function mergeMarks(lane: readonly Signing[], x: (at: number) => number): Mark[] {
  const marks: { x: number; signings: Signing[] }[] = [];
  for (const signing of lane) {
    const last = marks.at(-1);
    const place = x(signing.at);
    if (last && place - last.x < MERGE_WITHIN) last.signings.push(signing);
    else marks.push({ x: place, signings: [signing] });
  }
  return marks;
}

/** Silences of three times the usual one and a week at the least; with fewer than four signatures nothing is usual yet. */
function longSilences(models: readonly Signing[]): { from: number; to: number }[] {
  if (models.length < 4) return [];
  const silences = models.slice(1).map((signing, i) => ({ from: models[i]?.at ?? signing.at, to: signing.at }));
  const lengths = silences.map(({ from, to }) => to - from).sort((a, b) => a - b);
  const usual = lengths[Math.floor(lengths.length / 2)] ?? 0;
  return silences.filter(({ from, to }) => to - from > Math.max(3 * usual, 7 * DAY));
}

function signerChanges(models: readonly Signing[], keys: readonly string[], x: (at: number) => number): SignerChange[] {
  const changes: SignerChange[] = [];
  models.slice(1).forEach((signing, i) => {
    const before = models[i];
    if (!before || laneKey(before) === laneKey(signing)) return;
    const fromLane = keys.indexOf(laneKey(before));
    const toLane = keys.indexOf(laneKey(signing));
    const isWorkflow = before.issuer === signing.issuer && isSameRepository(before.san, signing.san);
    changes.push({ at: signing.at, x: x(signing.at), fromLane, toLane, kind: isWorkflow ? 'workflow' : 'signer' });
  });
  return changes;
}
