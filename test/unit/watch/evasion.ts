import { type CertificateFacts, readCertificate } from '#lib/watch/certificate.ts';
import type { EntryMatching } from '#lib/watch/match.ts';
import { compileRules, type RuleMatch, type WatchRule } from '#lib/watch/rule.ts';
import { type CertificateParts, certificate, fulcio } from './der-builder.ts';

/** Whom the attacks of the evasion tests are about. */
export const BOT = 'release-bot@models.example';
export const ISSUER = 'https://accounts.models.example';
export const WORKFLOW = 'https://github.com/acme/models/.github/workflows/release.yml@refs/tags/v1';

export const bot: WatchRule = { name: 'bot', own: true, identity: { exact: BOT }, issuer: { exact: ISSUER } };
export const workflow: WatchRule = {
  name: 'workflow',
  own: true,
  identity: { glob: 'https://github.com/acme/*/.github/workflows/release.yml@refs/tags/**' },
};

/** Both of Fulcio's encodings of the issuer. */
export const issuedBy = (issuer: string) => [fulcio(1, issuer), fulcio(8, issuer)];

/** What the rules make of a certificate, and what is told of it beside. */
export interface Seen {
  readonly matches: readonly RuleMatch[];
  readonly facts: CertificateFacts;
  /** All that is odd about it, in sentences. */
  readonly odd: readonly string[];
}

/** Holds the rules against a certificate that can be read; its issuer is the watched one unless it has extensions. */
export function see(parts: CertificateParts, ...rules: readonly WatchRule[]): Seen {
  const der = certificate({ extensions: issuedBy(ISSUER), ...parts });
  const matching = compileRules(rules).matchCertificate(der);
  if ('undecided' in matching) throw new Error(matching.undecided);
  const facts = readCertificate(der);
  return { matches: matching.matches, facts, odd: [...facts.anomalies, ...facts.sans.flatMap((san) => san.anomalies)] };
}

/** Holds the rules against an entry of one certificate. */
export function seeEntry(
  parts: CertificateParts,
  digests: readonly string[],
  ...rules: readonly WatchRule[]
): EntryMatching {
  const der = certificate({ extensions: issuedBy(ISSUER), ...parts });
  return compileRules(rules).matchEntry({ digests, signatures: [{ form: 'certificate', der }] });
}
