import { escapeText } from './display.ts';
import { isLookAlike, type MatchNote } from './match-note.ts';
import { NeedleAutomaton } from './needle-automaton.ts';
import type { CompiledRule, RuleMatch } from './rule.ts';
import { type Needle, type NeedleGroups, needlesOf } from './rule-needles.ts';
import { searchLayers } from './search-layers.ts';

interface Search {
  readonly rule: CompiledRule;
  readonly groups: NeedleGroups;
}

/** An automaton, and which needle each of its byte strings is a form of. */
interface Finder {
  readonly automaton: NeedleAutomaton;
  readonly needles: readonly Needle[];
}

/** Rules turned into what to look for where nothing can be parsed. */
export class ByteSearch {
  readonly unsearchable: readonly string[];
  private readonly searches: readonly Search[];
  private finders: { readonly folded: Finder; readonly skeletons: Finder } | null = null;

  constructor(rules: readonly CompiledRule[]) {
    const searches = rules.map((rule) => ({ rule, groups: needlesOf(rule) }));
    this.searches = searches.filter(({ groups }) => groups.length > 0);
    this.unsearchable = searches.filter(({ groups }) => groups.length === 0).map(({ rule }) => rule.rule);
  }

  /**
   * The rules whose text, digest or key stands in the bytes: as it stands, in another case, in UTF-16, escaped, in
   * base64, or in letters that look alike; the notes say which. The work is bounded by the length of the bytes.
   */
  find(bytes: Uint8Array): RuleMatch[] {
    if (this.searches.length === 0) return [];
    this.finders ??= makeFinders(this.searches);
    const found = new Map<Needle, readonly MatchNote[]>();
    for (const { bytes: layer, isSkeleton, notes } of searchLayers(bytes)) {
      const { automaton, needles } = isSkeleton ? this.finders.skeletons : this.finders.folded;
      const indices = new Set<number>();
      automaton.scan(layer, indices);
      for (const index of indices) {
        const needle = needles[index] as Needle;
        const held = found.get(needle);
        // What needs no excuse is told in place of what does.
        if (held === undefined || notes.length < held.length) found.set(needle, notes);
      }
    }
    return this.searches.flatMap((search) => describe(search, found));
  }
}

function makeFinders(searches: readonly Search[]): { folded: Finder; skeletons: Finder } {
  const all = searches.flatMap(({ groups }) => groups.flat());
  const folded = all.flatMap((needle) => needle.folded.map((bytes) => ({ bytes, needle })));
  const drawn = all.flatMap((needle) => (needle.skeleton === null ? [] : [{ bytes: needle.skeleton, needle }]));
  return { folded: makeFinder(folded), skeletons: makeFinder(drawn) };
}

function makeFinder(forms: readonly { readonly bytes: Uint8Array; readonly needle: Needle }[]): Finder {
  return {
    automaton: new NeedleAutomaton(forms.map(({ bytes }) => bytes)),
    needles: forms.map(({ needle }) => needle),
  };
}

function describe({ rule, groups }: Search, found: ReadonlyMap<Needle, readonly MatchNote[]>): RuleMatch[] {
  const met = groups.map((group) => group.find((needle) => found.has(needle)));
  if (met.includes(undefined)) return [];
  const needles = met.filter((needle) => needle !== undefined);
  const notes = [...new Set(needles.flatMap((needle) => found.get(needle) ?? []))];
  return [
    {
      rule: rule.rule,
      own: rule.own && !isLookAlike(notes),
      field: 'bytes',
      value: escapeText(needles.map(({ text }) => text).join(' … ')),
      how: 'bytes',
      notes,
    },
  ];
}
