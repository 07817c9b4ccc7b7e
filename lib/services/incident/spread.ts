import type { PathStep } from '#lib/provenance/scope.ts';
import type { Graph } from './graph.ts';
import { isProof, type PathLink, stepAlong, surestLink } from './link-step.ts';
import { DECLARED, DESCENDANT, type Direct, NOT_EXCLUDED, PROVEN, type Reached, UNREACHED } from './reached.ts';

/** Rank and steps of the path in one number: for a hundred thousand artifacts, objects would take the longer part. */
const RANKS = 4;
const markOf = (rank: number, length: number) => length * RANKS + rank;
const rankOf = (mark: number) => mark % RANKS;
const lengthOf = (mark: number) => Math.floor(mark / RANKS);

/** Artifacts that wait to be gone on from, by the length of the way to them. */
type Waves = number[][];

/**
 * Follows links downstream from what was met directly, the surest first and each artifact once, so that loops end:
 *
 * 1. from what is proven along links that prove it: descendants;
 * 2. from all of these along any link that does not, and on from what is declared along any: declared;
 * 3. on from what could not be excluded along any: not excluded.
 */
export function spread(graph: Graph, directs: Iterable<Direct>): Reached {
  return new Spread(graph, directs);
}

class Spread implements Reached {
  readonly ranks: Uint8Array;
  private readonly graph: Graph;
  private readonly directs = new Map<number, Direct>();
  /** By artifact; 0 for what is not reached, as no way has a length of 0. */
  private readonly marks: Uint32Array;

  constructor(graph: Graph, directs: Iterable<Direct>) {
    this.graph = graph;
    this.marks = new Uint32Array(graph.size);
    for (const direct of directs) {
      const known = this.directs.get(direct.artifactId);
      if (!known || isSurer(direct, known)) this.directs.set(direct.artifactId, direct);
    }
    const starts: Waves[] = [[], [], [], []];
    for (const { artifactId, rank, length } of this.directs.values()) push(starts[rank] ?? [], length, artifactId);
    const weak: Waves = starts[DECLARED] ?? [];
    this.follow(starts[PROVEN] ?? [], PROVEN, DESCENDANT, weak);
    this.follow(weak, DECLARED, DECLARED, null);
    this.follow(starts[NOT_EXCLUDED] ?? [], NOT_EXCLUDED, NOT_EXCLUDED, null);
    this.ranks = Uint8Array.from(this.marks, (mark) => (mark === 0 ? UNREACHED : rankOf(mark)));
  }

  /**
   * Marks the starts with `first`, and what is made of them with `next`. Children by links that prove nothing go to `weak`,
   * where it is given, and are not followed.
   */
  private follow(waves: Waves, first: number, next: number, weak: Waves | null): void {
    // All that is met directly before anything downstream of it: that is the surer of the two.
    const isDirect = first !== next;
    if (isDirect) waves.forEach((wave, length) => void this.markAll(wave, first, length));
    for (let length = 1; length < waves.length; length++) {
      const wave = waves[length];
      if (!wave) continue;
      const news = isDirect
        ? wave.filter((id) => lengthOf(this.marks[id] ?? 0) === length)
        : this.markAll(wave, next, length);
      this.graph.children.read(news, (packed) => {
        const child = Math.abs(packed);
        if (this.marks[child] !== 0) return;
        if (weak && packed < 0) {
          push(weak, length + 1, child);
          return;
        }
        if (isDirect) this.marks[child] = markOf(next, length + 1);
        push(waves, length + 1, child);
      });
    }
  }

  private markAll(ids: readonly number[], rank: number, length: number): number[] {
    const news: number[] = [];
    for (const id of ids) {
      if (this.marks[id] !== 0) continue;
      this.marks[id] = markOf(rank, length);
      news.push(id);
    }
    return news;
  }

  pathOf(artifactId: number): readonly PathStep[] {
    const steps: PathStep[] = [];
    for (let at = artifactId; ; ) {
      const mark = this.marks[at] ?? 0;
      if (mark === 0) return [];
      const direct = this.directs.get(at);
      if (direct && markOf(direct.rank, direct.length) === mark) return [...direct.steps(), ...steps.reverse()];
      const link = surestLink(this.graph.sqlite, at, (candidate) => this.leadsHere(candidate, mark));
      // The graph changed since: what is left of the way is told.
      if (!link) return steps.reverse();
      steps.push(stepAlong(this.graph.sqlite, link));
      at = link.parentId;
    }
  }

  /** Whether an artifact with this mark was first come upon along this link. */
  private leadsHere(link: PathLink, mark: number): boolean {
    const before = this.marks[link.parentId] ?? 0;
    if (before === 0 || lengthOf(before) !== lengthOf(mark) - 1) return false;
    const rank = rankOf(mark);
    if (rank === DESCENDANT) return rankOf(before) <= DESCENDANT && isProof(link);
    if (rank === DECLARED) return rankOf(before) === DECLARED || (rankOf(before) <= DESCENDANT && !isProof(link));
    return rankOf(before) === NOT_EXCLUDED;
  }
}

function isSurer(a: Direct, b: Direct): boolean {
  return a.rank < b.rank || (a.rank === b.rank && a.length < b.length);
}

function push(waves: Waves, length: number, id: number): void {
  const wave = waves[length];
  if (wave) wave.push(id);
  else waves[length] = [id];
}
