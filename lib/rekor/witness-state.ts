import { openCheckpoint } from '#lib/tlog/checkpoint.ts';
import type { NoteVerifier } from '#lib/tlog/note.ts';
import { evaluatePolicy, type LogPolicy, type PolicyEvaluation } from '#lib/tlog/policy.ts';

/** What the witnesses of a policy say of one checkpoint. */
export interface WitnessState {
  /**
   * `log-only`: the log alone signed. `cosigned`: so many witnesses did too, and not enough of them, or the policy
   * asks for none, or is not about this log. `quorum-met`: enough of them.
   */
  readonly state: 'log-only' | 'cosigned' | 'quorum-met';
  /** Whether the policy lists this log's key, or lists no log, and so is about any. */
  readonly isListed: boolean;
  /** Those that cosigned, by their names in the policy, in its order. */
  readonly cosigned: readonly WitnessSignature[];
  /** All witnesses of the policy, so that "2 of 5" can be said. */
  readonly known: number;
  /** Seconds since the epoch; null where no witness gives a time. */
  readonly newest: number | null;
  /** Witnesses whose lines cannot be checked on this platform. They count for nothing, and are not bad either. */
  readonly unchecked: readonly string[];
  readonly evaluation: PolicyEvaluation;
}

export interface WitnessSignature {
  readonly witness: string;
  /** Seconds since the epoch, as the witness says; null where it makes no statement of time. */
  readonly timestamp: number | null;
}

/**
 * Judges the cosignatures of a checkpoint by a policy. A line of an unknown cosigner proves nothing; a bad line of a
 * known one refuses the whole note.
 *
 * @param log whose checkpoint it is, with its own keys. The policy's log keys only say whether it is about this log.
 * @throws {TlogError} as `openCheckpoint` does.
 */
export function judgeWitnesses(
  note: Uint8Array,
  log: { readonly origin: string; readonly verifiers: readonly NoteVerifier[] },
  policy: LogPolicy,
): WitnessState {
  const opened = openCheckpoint(note, { ...log, cosigners: policy.witnesses.map(({ verifier }) => verifier) });
  const cosigned = policy.witnesses.flatMap(({ name, verifier }): WitnessSignature[] => {
    // By the key, for two witnesses' keys may have one name.
    const line = opened.note.verified.find((verified) => verified.verifier === verifier);
    if (line === undefined) return [];
    const timestamp = verifier.timestamp(line.signature.signature);
    return [{ witness: name, timestamp: timestamp === 0 ? null : timestamp }];
  });
  const unchecked = policy.witnesses
    .filter(({ verifier }) => opened.note.unchecked.some((line) => line.verifier === verifier))
    .map(({ name }) => name);
  const evaluation = evaluatePolicy(
    policy,
    cosigned.map(({ witness }) => witness),
  );
  const isListed =
    policy.logs.length === 0 ||
    policy.logs.some(({ verifier }) =>
      opened.note.verified.some((line) => {
        return line.signature.name === verifier.name && line.signature.keyId === verifier.keyId;
      }),
    );
  const times = cosigned.flatMap(({ timestamp }) => (timestamp === null ? [] : [timestamp]));
  return {
    state: stateOf(cosigned.length, isListed && policy.quorum !== null && evaluation.met),
    isListed,
    cosigned,
    known: policy.witnesses.length,
    newest: times.length === 0 ? null : Math.max(...times),
    unchecked,
    evaluation,
  };
}

function stateOf(cosigned: number, isQuorumMet: boolean): WitnessState['state'] {
  if (isQuorumMet) return 'quorum-met';
  return cosigned === 0 ? 'log-only' : 'cosigned';
}
