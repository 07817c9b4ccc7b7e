import { ANY_KIND } from './field-value.ts';
import { extensionLabel, extensionNumber, FULCIO_ARC, ISSUER } from './fulcio-extensions.ts';
import { type SanType, sanTag } from './general-name.ts';
import { Matcher } from './match.ts';
import type { MatchNote } from './match-note.ts';
import { type CompiledValue, compileValue, PatternError, type ValueMatcher } from './value-matcher.ts';

/** What to look for in a log. A certificate meets a rule when it meets every criterion of it. */
export interface WatchRule {
  readonly name: string;
  /** Whether it names an identity of the own organisation, whose unclaimed signatures are an alarm. */
  readonly own: boolean;
  /** One of the subject alternative names. */
  readonly identity?: ValueMatcher;
  /** Which kind of alternative name counts; any, if left out. */
  readonly sanType?: SanType;
  /** The OpenID Connect issuer, in either of its encodings. */
  readonly issuer?: ValueMatcher;
  /** Further extensions of Fulcio's, by name or OID. */
  readonly extensions?: Readonly<Record<string, ValueMatcher>>;
}

/** A rule that a certificate, or bytes that could not be read, met. */
export interface RuleMatch {
  readonly rule: string;
  readonly own: boolean;
  /** `san`, `issuer`, the name of the extension (its OID where it has none), or `bytes`. */
  readonly field: string;
  /** The value that met the rule, with everything invisible written out. */
  readonly value: string;
  /** `exact`: as it stands. `folded`: only as the notes say. `bytes`: found in bytes that could not be read. */
  readonly how: 'exact' | 'folded' | 'bytes';
  readonly notes: readonly MatchNote[];
}

/** Why a rule cannot be used. `key` is the part of the rule: `identity`, `issuer`, `extensions.<name>` or `name`. */
export class RuleError extends Error {
  override readonly name = 'RuleError';
  readonly rule: string;
  readonly key: string;

  constructor(rule: string, key: string, reason: string) {
    super(`watch rule "${rule}", ${key}: ${reason}`);
    this.rule = rule;
    this.key = key;
  }
}

/** A criterion on a Fulcio extension. */
export interface ExtensionCriterion {
  readonly number: number;
  readonly label: string;
  readonly value: CompiledValue;
}

/** A rule made ready for the matcher. */
export interface CompiledRule {
  readonly rule: string;
  readonly own: boolean;
  /** The tag that an alternative name must have, or ANY_KIND. */
  readonly sanTag: number;
  readonly identity: CompiledValue | null;
  readonly issuer: CompiledValue | null;
  readonly extensions: readonly ExtensionCriterion[];
}

/** Makes rules ready. Throws RuleError for the first that could never match, or whose name is another's. */
export function compileRules(rules: readonly WatchRule[]): Matcher {
  const names = new Set<string>();
  const compiled = rules.map((rule) => {
    if (names.has(rule.name)) throw new RuleError(rule.name, 'name', 'another rule has this name');
    names.add(rule.name);
    return compileRule(rule);
  });
  return new Matcher(compiled);
}

function compileRule(rule: WatchRule): CompiledRule {
  const criterion = (key: string, matcher: ValueMatcher | undefined): CompiledValue | null =>
    matcher === undefined ? null : compileCriterion(rule.name, key, matcher);
  const compiled: CompiledRule = {
    rule: rule.name,
    own: rule.own,
    sanTag: rule.sanType === undefined ? ANY_KIND : sanTag(rule.sanType),
    identity: criterion('identity', rule.identity),
    issuer: criterion('issuer', rule.issuer),
    extensions: Object.entries(rule.extensions ?? {}).map(([key, matcher]) =>
      compileExtension(rule.name, key, matcher),
    ),
  };
  if (compiled.identity === null && compiled.issuer === null && compiled.extensions.length === 0) {
    throw new RuleError(rule.name, 'identity', 'the rule names nothing to look for');
  }
  return compiled;
}

function compileExtension(rule: string, nameOrOid: string, matcher: ValueMatcher): ExtensionCriterion {
  const key = `extensions.${nameOrOid}`;
  const number = extensionNumber(nameOrOid);
  if (number < ISSUER) throw new RuleError(rule, key, `neither a name of Fulcio's nor an OID under ${FULCIO_ARC}`);
  return { number, label: extensionLabel(number), value: compileCriterion(rule, key, matcher) };
}

function compileCriterion(rule: string, key: string, matcher: ValueMatcher): CompiledValue {
  try {
    return compileValue(matcher);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    const where = error.position === null ? '' : ` at character ${error.position + 1}`;
    throw new RuleError(rule, key, `RE2 refuses the pattern${where}: ${error.message}`);
  }
}
