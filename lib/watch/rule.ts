import { nobleSha256, type Sha256 } from '#lib/tlog/hash.ts';
import { ANY_KIND } from './field-value.ts';
import { extensionLabel, extensionNumber, FULCIO_ARC, ISSUER } from './fulcio-extensions.ts';
import { type SanType, sanTag } from './general-name.ts';
import { Matcher } from './match.ts';
import type { MatchNote } from './match-note.ts';
import { type CompiledValue, compileValue, PatternError, type ValueMatcher } from './value-matcher.ts';

/** What to look for in a log. A signature of an entry meets a rule when it meets every criterion of it. */
export interface WatchRule {
  readonly name: string;
  /**
   * Whether it names an identity or a key of the own organisation, whose unclaimed signatures are an alarm. Never of a
   * rule of digests alone, which says nothing of who signs: anybody can sign your digest.
   */
  readonly own: boolean;
  /** One of the subject alternative names. */
  readonly identity?: ValueMatcher;
  /** Which kind of alternative name counts; any, if left out. */
  readonly sanType?: SanType;
  /** The OpenID Connect issuer, in either of its encodings. */
  readonly issuer?: ValueMatcher;
  /** Further extensions of Fulcio's, by name or OID. */
  readonly extensions?: Readonly<Record<string, ValueMatcher>>;
  /** Any of these keys: bare, or the key of a certificate; or any of these certificates. */
  readonly keys?: readonly WatchedKey[];
  /** Lowercase hex of digests that an entry may name, any of them: SHA-256, SHA-384 or SHA-512. */
  readonly digests?: readonly string[];
}

/** A public key or a certificate to look for. */
export interface WatchedKey {
  /** Lowercase hex of its fingerprint: of a key's SPKI DER, or of a certificate's DER. */
  readonly sha256: string;
  /** The SPKI DER itself, as lowercase hex, where it is known: unreadable bytes can then be searched for it. */
  readonly spki?: string;
}

/** A rule that a signature of an entry, or bytes that could not be read, met. */
export interface RuleMatch {
  readonly rule: string;
  /** Whether the rule is about the own organisation, and this more than a name that looks like its: those are others'. */
  readonly own: boolean;
  /** `san`, `issuer`, the name of the extension (its OID where it has none), `key`, `digest`, or `bytes`. */
  readonly field: string;
  /** The value that met the rule, with everything invisible written out. */
  readonly value: string;
  /**
   * `exact`: as it stands. `folded`: only as the notes say. `look-alike`: another name, made to be taken for it.
   * `bytes`: found in bytes that could not be read.
   */
  readonly how: 'exact' | 'folded' | 'look-alike' | 'bytes';
  readonly notes: readonly MatchNote[];
}

/** Why a rule cannot be used. `key` is the part of the rule: `name`, `own`, `identity`, `issuer`, `extensions.<name>`, `key` or `digest`. */
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
  /** By fingerprint. Null where any key will do. */
  readonly keys: ReadonlyMap<string, WatchedKey> | null;
  /** Null where any digest will do. */
  readonly digests: ReadonlySet<string> | null;
}

const FINGERPRINT = /^[0-9a-f]{64}$/;
const HEX = /^(?:[0-9a-f]{2})+$/;
const DIGEST = /^(?:[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$/;

/**
 * Makes rules ready. Throws RuleError for the first that could never match, or whose name is another's.
 *
 * @param sha256 hashes keys and certificates, where a rule names a key.
 */
export function compileRules(rules: readonly WatchRule[], sha256: Sha256 = nobleSha256): Matcher {
  const names = new Set<string>();
  const compiled = rules.map((rule) => {
    if (names.has(rule.name)) throw new RuleError(rule.name, 'name', 'another rule has this name');
    names.add(rule.name);
    return compileRule(rule);
  });
  return new Matcher(compiled, sha256);
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
    keys: compileKeys(rule),
    digests: compileDigests(rule),
  };
  const { identity, issuer, extensions, keys, digests } = compiled;
  if (identity !== null || issuer !== null || extensions.length > 0 || keys !== null) return compiled;
  if (digests === null) throw new RuleError(rule.name, 'identity', 'the rule names nothing to look for');
  if (rule.own) throw new RuleError(rule.name, 'own', 'a digest says nothing of who signs it');
  return compiled;
}

function compileKeys({ name, keys }: WatchRule): CompiledRule['keys'] {
  if (keys === undefined) return null;
  checkHexes(
    name,
    'key',
    keys.map(({ sha256 }) => sha256),
    FINGERPRINT,
  );
  checkHexes(
    name,
    'key',
    keys.map(({ spki }) => spki ?? '00'),
    HEX,
  );
  return new Map(keys.map((key) => [key.sha256, key]));
}

function compileDigests({ name, digests }: WatchRule): CompiledRule['digests'] {
  if (digests === undefined) return null;
  checkHexes(name, 'digest', digests, DIGEST);
  return new Set(digests);
}

function checkHexes(rule: string, key: 'key' | 'digest', hexes: readonly string[], form: RegExp): void {
  if (hexes.length === 0) throw new RuleError(rule, key, 'the list is empty, so that nothing could meet it');
  const wrong = hexes.find((hex) => !form.test(hex));
  if (wrong !== undefined) throw new RuleError(rule, key, `"${wrong}" is not lowercase hex of the right length`);
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
