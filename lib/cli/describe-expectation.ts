import type { ExpectedSigner, ModelPolicy } from '#lib/provenance/signer-policy.ts';
import { describeValue } from './describe-value.ts';

/** One entry of `models` in a line: for which models, who may sign, and who may state provenance. */
export function describeExpectation({ name, models, signers, attesters, requireProvenance }: ModelPolicy): string {
  const parts = [
    `models ${describeValue(models)}`,
    `signed by ${signers.map(describeExpected).join(' or ')}`,
    ...(attesters.length > 0 ? [`provenance also by ${attesters.map(describeExpected).join(' or ')}`] : []),
    ...(requireProvenance ? ['provenance is required'] : []),
  ];
  return `${name}: ${parts.join('; ')}`;
}

function describeExpected({ identity, issuer, key, authority }: ExpectedSigner): string {
  if (key !== undefined) return `key ${key}`;
  const who = identity === undefined ? 'anybody' : describeValue(identity);
  if (authority !== undefined) return `${who} of authority ${authority}`;
  return `${who} through ${issuer === undefined ? 'any issuer' : describeValue(issuer)}`;
}
