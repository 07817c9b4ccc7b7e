import { CertificateScan, type ValueList } from './certificate-scan.ts';
import type { CertificateForm } from './certificate-walk.ts';
import { DerError } from './der.ts';
import { escapeText } from './display.ts';
import { ANY_KIND, type FieldValue } from './field-value.ts';
import { isExact, type MatchNote } from './match-note.ts';
import type { CompiledRule, RuleMatch } from './rule.ts';
import { ByteSearch } from './search-bytes.ts';
import { type CompiledValue, matchValue } from './value-matcher.ts';

/** Which rules a certificate meets, or why that cannot be told: never "none" for a certificate that was not read. */
export type Matching = { readonly matches: readonly RuleMatch[] } | { readonly undecided: string };

/** A value that met a criterion, and what it had to be read as. */
interface Met {
  readonly field: string;
  readonly value: FieldValue | null;
  readonly notes: readonly MatchNote[];
}

/** What most certificates get: one answer for all of them. */
const NONE: { matches: RuleMatch[] } = { matches: [] };
const ISSUER_MISSING: Met = { field: 'issuer', value: null, notes: ['issuer-missing'] };

/** Watch rules, ready to be held against every certificate of a log. Made by `compileRules`. */
export class Matcher {
  /** Whether there are no rules. */
  readonly isEmpty: boolean;
  /** Rules of which no certain text is known, so that unreadable bytes cannot be searched for them. */
  readonly unsearchable: readonly string[];
  private readonly rules: readonly CompiledRule[];
  private readonly scan: CertificateScan;
  private readonly search: ByteSearch;

  constructor(rules: readonly CompiledRule[]) {
    this.rules = rules;
    this.isEmpty = rules.length === 0;
    this.scan = new CertificateScan(rules.flatMap((rule) => rule.extensions.map((criterion) => criterion.number)));
    this.search = new ByteSearch(rules);
    this.unsearchable = this.search.unsearchable;
  }

  /**
   * Holds every rule against a DER certificate, whoever signed it. One match a rule, in the order of the rules.
   * The hot path: a certificate that meets no rule costs one walk over its bytes.
   */
  matchCertificate(der: Uint8Array, form: CertificateForm = 'certificate'): Matching {
    try {
      this.scan.read(der, form);
    } catch (error) {
      if (error instanceof DerError) return { undecided: `The certificate is ${error.message}.` };
      throw error;
    }
    let found = NONE;
    for (const rule of this.rules) {
      const match = this.matchRule(rule);
      if (match === null) continue;
      if (found === NONE) found = { matches: [] };
      found.matches.push(match);
    }
    return found;
  }

  /**
   * Looks for the rules' own text in bytes that could not be read: as it stands, without regard to case, and inside
   * base64. One match a rule at most. What is found is a reason to look, not a reading.
   */
  searchBytes(bytes: Uint8Array): RuleMatch[] {
    return this.search.find(bytes);
  }

  /** The identity decides what is shown, else the first extension, else the issuer. */
  private matchRule(rule: CompiledRule): RuleMatch | null {
    const { names, extensions } = this.scan;
    const identity = rule.identity === null ? null : findValue(rule.identity, names, 'san', rule.sanTag);
    if (rule.identity !== null && identity === null) return null;
    const met = identity === null ? [] : [identity];
    for (const { label, number, value } of rule.extensions) {
      const extension = findValue(value, extensions, label, number);
      if (extension === null) return null;
      met.push(extension);
    }
    if (rule.issuer !== null) {
      const issuer = this.findIssuer(rule.issuer, met.length > 0);
      if (issuer === null) return null;
      met.push(issuer);
    }
    return describe(rule, met);
  }

  /**
   * A certificate without an issuer is no reason to pass over what meets the rest of the rule: a self-made one would
   * leave it out. Where the issuer is all that the rule asks for, there is no rest.
   */
  private findIssuer(issuer: CompiledValue, restIsMet: boolean): Met | null {
    const { issuers } = this.scan;
    if (issuers.size === 0) return restIsMet ? ISSUER_MISSING : null;
    const met = findValue(issuer, issuers, 'issuer', ANY_KIND);
    return met === null || !differ(issuers) ? met : { ...met, notes: [...met.notes, 'issuers-differ'] };
  }
}

/** The value of that kind that meets the criterion, one that meets it exactly before any other. */
function findValue(criterion: CompiledValue, values: ValueList, field: string, kind: number): Met | null {
  let best: Met | null = null;
  for (let i = 0; i < values.size; i++) {
    const value = values.at(i);
    if (kind !== ANY_KIND && value.kind !== kind) continue;
    const notes = matchValue(criterion, value);
    if (notes === null) continue;
    if (notes.length === 0) return { field, value, notes };
    best ??= { field, value, notes };
  }
  return best;
}

function differ(values: ValueList): boolean {
  for (let i = 1; i < values.size; i++) if (!values.at(i).equals(values.at(0))) return true;
  return false;
}

function describe(rule: CompiledRule, met: readonly Met[]): RuleMatch {
  const notes = [...new Set(met.flatMap((part) => part.notes))];
  return {
    rule: rule.rule,
    own: rule.own,
    field: met[0]?.field ?? 'san',
    value: escapeText(met[0]?.value?.text ?? ''),
    how: isExact(notes) ? 'exact' : 'folded',
    notes,
  };
}
