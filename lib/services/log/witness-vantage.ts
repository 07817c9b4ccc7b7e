import { readCheckpoint } from '#lib/rekor/checkpoint.ts';
import type { HttpReader } from '#lib/rekor/http.ts';
import type { LogSigner } from '#lib/rekor/log-reader.ts';
import { fetchWitnessCheckpoint } from '#lib/rekor/witness-client.ts';
import type { LogPolicy } from '#lib/tlog/policy.ts';
import type { Vantage } from './look-elsewhere.ts';

/**
 * The witnesses of a policy that have an address, as places where a log is seen: the address is taken for the witness's
 * monitoring prefix. One that never cosigned the log has nothing to show, which is no problem.
 */
export function witnessVantages(policy: LogPolicy | undefined, signer: LogSigner, http: HttpReader): Vantage[] {
  return (policy?.witnesses ?? []).flatMap(({ name, url }): Vantage[] => {
    if (url === null) return [];
    return [
      {
        kind: 'witness',
        name,
        async head(signal) {
          const note = await fetchWitnessCheckpoint(http, url, signer.origin, signal);
          return note && readCheckpoint(note, signer);
        },
      },
    ];
  });
}
