import type { SourceVerifier, TrustedBuilder } from '#lib/provenance/ml-level/trust-table.ts';

/** One row of `builders.trusted` in a line: what is accepted, by whose signature, up to which level. */
export function describeBuilder({ name, id, identity, issuer, level, hosted, workflow }: TrustedBuilder): string {
  const parts = [
    `${id} signed by ${identity} through ${issuer}`,
    `up to level ${level}`,
    ...(workflow ? [`workflow ${workflow.uri} at ${workflow.commits.join(' or ')}`] : []),
    ...(hosted ? ['hosted'] : []),
  ];
  return `${name}: ${parts.join('; ')}`;
}

/** One row of `builders.source-verifiers` in a line. */
export function describeVerifier({ name, id, identity, issuer }: SourceVerifier): string {
  return `${name}: ${id} signed by ${identity} through ${issuer}`;
}
