import type { CertificateScan, ValueList } from './certificate-scan.ts';
import { escapeText } from './display.ts';
import { ANY_KIND } from './field-value.ts';
import { howOf, isLookAlike, type MatchNote } from './match-note.ts';
import type { CompiledRule, RuleMatch } from './rule.ts';
import { type CompiledValue, matchValue } from './value-matcher.ts';

/** One signature of an entry, as rules are held against it. */
export interface Signer {
  readonly digests: readonly string[];
  /** What its certificate holds: nothing, where there is none. */
  readonly scan: CertificateScan;
  readonly hasCertificate: boolean;
  /** Lowercase hex of what `keys` of rules may name; hashed only when a rule asks. */
  readonly fingerprints: () => readonly string[];
}

/** What met a criterion, and what it had to be read as. */
interface Met {
  readonly field: string;
  readonly text: string;
  readonly notes: readonly MatchNote[];
}

const ISSUER_MISSING: Met = { field: 'issuer', text: '', notes: ['issuer-missing'] };

/**
 * How the signature meets the rule, or null where a criterion is not met. The identity decides what is shown, else the
 * first extension, the key, the digest, the issuer.
 */
export function holdRule(rule: CompiledRule, signer: Signer): RuleMatch | null {
  const digest = findAny(rule.digests, () => signer.digests, 'digest');
  if (digest === null && rule.digests !== null) return null;
  const key = findAny(rule.keys, signer.fingerprints, 'key');
  if (key === null && rule.keys !== null) return null;
  const { names, extensions } = signer.scan;
  const identity = rule.identity === null ? null : findValue(rule.identity, names, 'san', rule.sanTag);
  if (rule.identity !== null && identity === null) return null;
  const met = identity === null ? [] : [identity];
  for (const { label, number, value } of rule.extensions) {
    const extension = findValue(value, extensions, label, number);
    if (extension === null) return null;
    met.push(extension);
  }
  if (key !== null) met.push(key);
  if (digest !== null) met.push(digest);
  if (rule.issuer !== null) {
    const issuer = findIssuer(rule.issuer, signer, met.length > 0);
    if (issuer === null) return null;
    met.push(issuer);
  }
  return describe(rule, met);
}

/**
 * A certificate without an issuer is no reason to pass over what meets the rest of the rule: a self-made one would
 * leave it out. Where the issuer is all that the rule asks for, there is no rest; where there is no certificate, nobody
 * left anything out.
 */
function findIssuer(issuer: CompiledValue, { scan, hasCertificate }: Signer, restIsMet: boolean): Met | null {
  const { issuers } = scan;
  if (issuers.size === 0) return restIsMet && hasCertificate ? ISSUER_MISSING : null;
  const met = findValue(issuer, issuers, 'issuer', ANY_KIND);
  return met === null || !differ(issuers) ? met : { ...met, notes: [...met.notes, 'issuers-differ'] };
}

/** The value of that kind that meets the criterion: exactly, else when folded, else one that looks as if it did. */
function findValue(criterion: CompiledValue, values: ValueList, field: string, kind: number): Met | null {
  let best: Met | null = null;
  for (let i = 0; i < values.size; i++) {
    const value = values.at(i);
    if (kind !== ANY_KIND && value.kind !== kind) continue;
    const notes = matchValue(criterion, value);
    if (notes === null) continue;
    if (notes.length === 0) return { field, text: value.text, notes };
    if (best === null || (isLookAlike(best.notes) && !isLookAlike(notes))) best = { field, text: value.text, notes };
  }
  return best;
}

function findAny(
  wanted: { has(hex: string): boolean } | null,
  given: () => readonly string[],
  field: string,
): Met | null {
  const hex = wanted === null ? undefined : given().find((candidate) => wanted.has(candidate));
  return hex === undefined ? null : { field, text: hex, notes: [] };
}

function differ(values: ValueList): boolean {
  for (let i = 1; i < values.size; i++) if (!values.at(i).equals(values.at(0))) return true;
  return false;
}

function describe(rule: CompiledRule, met: readonly Met[]): RuleMatch {
  const notes = [...new Set(met.flatMap((part) => part.notes))];
  const how = howOf(notes);
  return {
    rule: rule.rule,
    own: rule.own && how !== 'look-alike',
    field: met[0]?.field ?? 'san',
    value: escapeText(met[0]?.text ?? ''),
    how,
    notes,
  };
}
