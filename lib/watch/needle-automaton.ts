const ROOT = 0;

/**
 * Finds any number of byte strings in one pass (Aho and Corasick, 1975): what it does for an input grows with the input
 * alone, however many needles there are and however the input is made.
 */
export class NeedleAutomaton {
  /** From the root, by octet; from the other nodes, by node * 256 + octet. */
  private readonly first = new Int32Array(256);
  private readonly edges = new Map<number, number>();
  /** Where to go on when an octet leads no further: the longest end of what was read that begins a needle. */
  private readonly fallback: Int32Array;
  /** The nearest node on the way of fallbacks, itself included, where a needle ends; the root where none does. */
  private readonly ending: Int32Array;
  private readonly needlesAt = new Map<number, number[]>();
  /** In which scan a node was last told of: each is told of once. */
  private readonly told: Int32Array;
  private scans = 0;

  constructor(needles: readonly Uint8Array[]) {
    const octets: number[] = [0];
    const parents: number[] = [ROOT];
    for (const [index, needle] of needles.entries()) {
      let node = ROOT;
      for (const octet of needle) {
        let next = this.edge(node, octet);
        if (next === ROOT) {
          next = octets.length;
          octets.push(octet);
          parents.push(node);
          if (node === ROOT) this.first[octet] = next;
          else this.edges.set(node * 256 + octet, next);
        }
        node = next;
      }
      if (node !== ROOT) this.needlesAt.set(node, [...(this.needlesAt.get(node) ?? []), index]);
    }
    this.fallback = new Int32Array(octets.length);
    this.ending = new Int32Array(octets.length);
    this.told = new Int32Array(octets.length);
    this.link(octets, parents);
  }

  /** Adds the indices of the needles that stand in `bytes` to `found`. Returns the steps taken: at most two an octet. */
  scan(bytes: Uint8Array, found: Set<number>): number {
    const scan = ++this.scans;
    let steps = 0;
    let node = ROOT;
    for (let i = 0; i < bytes.length; i++) {
      const octet = bytes[i] as number;
      steps++;
      let next = this.edge(node, octet);
      while (next === ROOT && node !== ROOT) {
        steps++;
        node = this.fallback[node] as number;
        next = this.edge(node, octet);
      }
      node = next;
      if (node !== ROOT) this.tell(node, scan, found);
    }
    return steps;
  }

  private edge(node: number, octet: number): number {
    return node === ROOT ? (this.first[octet] as number) : (this.edges.get(node * 256 + octet) ?? ROOT);
  }

  private tell(from: number, scan: number, found: Set<number>): void {
    let node = this.ending[from] as number;
    while (node !== ROOT && this.told[node] !== scan) {
      this.told[node] = scan;
      for (const index of this.needlesAt.get(node) ?? []) found.add(index);
      node = this.ending[this.fallback[node] as number] as number;
    }
  }

  /** Shorter nodes first, for a fallback is always shorter. */
  private link(octets: readonly number[], parents: readonly number[]): void {
    for (const node of byDepth(parents)) {
      const parent = parents[node] as number;
      const octet = octets[node] as number;
      let from = parent;
      let target = ROOT;
      while (from !== ROOT && target === ROOT) {
        from = this.fallback[from] as number;
        target = this.edge(from, octet);
      }
      this.fallback[node] = target;
      this.ending[node] = this.needlesAt.has(node) ? node : (this.ending[target] as number);
    }
  }
}

/** All nodes but the root. A parent always has a smaller number than its children. */
function byDepth(parents: readonly number[]): number[] {
  const depths = new Int32Array(parents.length);
  for (let node = 1; node < parents.length; node++) depths[node] = (depths[parents[node] as number] as number) + 1;
  return Array.from({ length: parents.length - 1 }, (_, i) => i + 1).sort(
    (a, b) => (depths[a] as number) - (depths[b] as number),
  );
}
