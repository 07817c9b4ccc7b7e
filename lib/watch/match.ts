import type { Sha256 } from '#lib/tlog/hash.ts';
import { toHex } from '#lib/tlog/hex.ts';
import { CertificateScan } from './certificate-scan.ts';
import type { CertificateForm } from './certificate-walk.ts';
import { DerError } from './der.ts';
import { holdRule, type Signer } from './hold-rule.ts';
import { isStronger, strongestMatches } from './match-strength.ts';
import type { CompiledRule, RuleMatch } from './rule.ts';
import { ByteSearch } from './search-bytes.ts';
import type { EntryFacts, SignatureFacts } from './signature-facts.ts';

/** Which rules a signature meets, or why that cannot be told: never "none" for a certificate that was not read. */
export type Matching = { readonly matches: readonly RuleMatch[] } | { readonly undecided: string };

/** Which rules an entry meets, by any of its signatures. */
export interface EntryMatching {
  /** The surest match of each rule. */
  readonly matches: readonly RuleMatch[];
  /** Which signature has the surest of them; null where none met a rule. */
  readonly signature: number | null;
  /** Which signature could not be decided, and why; null where all were. */
  readonly undecided: { readonly signature: number; readonly reason: string } | null;
}

/** What most signatures get: one answer for all of them. */
const NONE: readonly RuleMatch[] = [];
const NO_DIGESTS: readonly string[] = [];
const NOT_DECODED: Readonly<Record<SignatureFacts['form'], string>> = {
  certificate: 'The certificate in the entry is not canonical base64.',
  'public-key': 'The public key in the entry is not canonical base64.',
};

/**
 * What rules find. To be raised with what makes them find more: every rule is then held anew against what is stored, and has
 * not seen what is not.
 */
export const MATCHER_VERSION = 1;

/** Watch rules, ready to be held against every entry of a log. Made by `compileRules`. */
export class Matcher {
  /** Whether there are no rules. */
  readonly isEmpty: boolean;
  /** Whether a rule asks for digests: where none does, an entry's digests need not be decoded. */
  readonly needsDigests: boolean;
  /** Whether a rule can be met without a certificate: where none can, bare keys need not be decoded. */
  readonly needsKeys: boolean;
  /** Rules of which no certain text is known, so that unreadable bytes cannot be searched for them. */
  readonly unsearchable: readonly string[];
  private readonly rules: readonly CompiledRule[];
  private readonly sha256: Sha256;
  private readonly scan: CertificateScan;
  private readonly search: ByteSearch;

  constructor(rules: readonly CompiledRule[], sha256: Sha256) {
    this.rules = rules;
    this.sha256 = sha256;
    this.isEmpty = rules.length === 0;
    this.needsDigests = rules.some(({ digests }) => digests !== null);
    this.needsKeys = this.needsDigests || rules.some(({ keys }) => keys !== null);
    this.scan = new CertificateScan(rules.flatMap((rule) => rule.extensions.map((criterion) => criterion.number)));
    this.search = new ByteSearch(rules);
    this.unsearchable = this.search.unsearchable;
  }

  /**
   * Holds every rule against all that an entry says, in whatever log. A signature that cannot be decided takes nothing
   * from the others: what they meet is told, and so is it.
   */
  matchEntry({ digests, signatures }: EntryFacts): EntryMatching {
    let undecided: EntryMatching['undecided'] = null;
    let best: { readonly match: RuleMatch; readonly signature: number } | null = null;
    const all: RuleMatch[] = signatures.length === 0 ? [...this.matchUnread(digests, null)] : [];
    for (const [signature, facts] of signatures.entries()) {
      const found = this.matchSignature(facts, digests);
      if ('undecided' in found) undecided ??= { signature, reason: found.undecided };
      for (const match of 'undecided' in found ? this.matchUnread(digests, facts.der) : found.matches) {
        if (best === null || isStronger(match, best.match)) best = { match, signature };
        all.push(match);
      }
    }
    return { matches: strongestMatches(all), signature: best?.signature ?? null, undecided };
  }

  /**
   * Holds every rule against one signature, whoever made it, beside the digests of its entry. One match a rule, in the
   * order of the rules. The hot path: a certificate that meets no rule costs one walk over its bytes.
   */
  matchSignature({ form, der }: SignatureFacts, digests: readonly string[] = NO_DIGESTS): Matching {
    if (form === 'public-key' && !this.needsKeys) return { matches: NONE };
    if (der === null) return { undecided: NOT_DECODED[form] };
    return form === 'certificate' ? this.matchCertificate(der, digests) : { matches: this.matchKey(der, digests) };
  }

  /** As `matchSignature`, for a DER certificate, or for the signed part of one. */
  matchCertificate(
    der: Uint8Array,
    digests: readonly string[] = NO_DIGESTS,
    form: CertificateForm = 'certificate',
  ): Matching {
    try {
      this.scan.read(der, form);
    } catch (error) {
      if (error instanceof DerError) return { undecided: `The certificate is ${error.message}.` };
      throw error;
    }
    return { matches: this.hold(digests, true, () => [this.hash(this.scan.key), this.hash(der)]) };
  }

  /**
   * Looks for the rules' own text, digests and keys in bytes that could not be read (see `ByteSearch`). One match a rule
   * at most. What is found is a reason to look, not a reading.
   */
  searchBytes(bytes: Uint8Array): RuleMatch[] {
    return this.search.find(bytes);
  }

  private matchKey(spki: Uint8Array, digests: readonly string[]): readonly RuleMatch[] {
    this.scan.clear();
    return this.hold(digests, false, () => [this.hash(spki)]);
  }

  /** What an entry meets by its digests alone, and by the bytes of a certificate that could not be read. */
  private matchUnread(digests: readonly string[], der: Uint8Array | null): readonly RuleMatch[] {
    this.scan.clear();
    return this.hold(digests, false, () => (der === null ? [] : [this.hash(der)]));
  }

  private hold(
    digests: readonly string[],
    hasCertificate: boolean,
    hashKeys: () => readonly string[],
  ): readonly RuleMatch[] {
    let hashed: readonly string[] | null = null;
    const fingerprints = () => {
      hashed ??= hashKeys();
      return hashed;
    };
    const signer: Signer = { digests, scan: this.scan, hasCertificate, fingerprints };
    let found: RuleMatch[] | null = null;
    for (const rule of this.rules) {
      const match = holdRule(rule, signer);
      if (match === null) continue;
      found ??= [];
      found.push(match);
    }
    return found ?? NONE;
  }

  private hash(bytes: Uint8Array): string {
    return toHex(this.sha256(bytes));
  }
}
