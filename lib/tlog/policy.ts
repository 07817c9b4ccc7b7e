import type { CosignatureVerifier } from './cosignature.ts';
import type { LogVerifier } from './key.ts';

/**
 * A trust policy of C2SP tlog-policy: which logs and witnesses are known, and how many of the witnesses must have
 * cosigned a checkpoint. Witnesses and groups share one space of names, which mean nothing outside of the policy.
 */
export interface LogPolicy {
  /** None where the log is known from elsewhere. */
  readonly logs: readonly PolicyLog[];
  readonly witnesses: readonly PolicyWitness[];
  /** In the order of the file: a group has members before it only, so that there are no loops. */
  readonly groups: readonly PolicyGroup[];
  /** The witness or group that must have cosigned; null for `quorum none`, which asks for nobody. */
  readonly quorum: string | null;
}

export interface PolicyLog {
  /** Its name is the origin. A log may sign as ML-DSA-44 cosigners do (C2SP tlog-checkpoint). */
  readonly verifier: LogVerifier | CosignatureVerifier;
  /** What it serves depends on who reads the policy; null where the policy gives none. */
  readonly url: string | null;
}

export interface PolicyWitness {
  /** What the policy calls it. The name in its signature lines is that of its key. */
  readonly name: string;
  readonly verifier: CosignatureVerifier;
  readonly url: string | null;
}

export interface PolicyGroup {
  readonly name: string;
  /** How many of the members must have witnessed: 1 for `any`, all of them for `all`. */
  readonly threshold: number;
  /** Witnesses and groups. No name is a member twice, of whatever groups. */
  readonly members: readonly string[];
}

/** One group, held against those who cosigned. */
export interface GroupEvaluation {
  readonly name: string;
  readonly threshold: number;
  readonly members: readonly string[];
  /** Members that have witnessed: witnesses that cosigned, groups that are met. */
  readonly witnessed: readonly string[];
  readonly met: boolean;
}

export interface PolicyEvaluation {
  /** Whether the quorum is met. Always so for `quorum none`, whoever cosigned. */
  readonly met: boolean;
  readonly groups: readonly GroupEvaluation[];
}

/**
 * Holds the policy against the witnesses whose cosignatures verified.
 *
 * @param cosigners their names in the policy; names that it does not know count for nothing.
 */
export function evaluatePolicy(policy: LogPolicy, cosigners: Iterable<string>): PolicyEvaluation {
  const known = new Set(policy.witnesses.map(({ name }) => name));
  const witnessed = new Set([...cosigners].filter((name) => known.has(name)));
  const groups = policy.groups.map(({ name, threshold, members }): GroupEvaluation => {
    const those = members.filter((member) => witnessed.has(member));
    const met = those.length >= threshold;
    if (met) witnessed.add(name);
    return { name, threshold, members, witnessed: those, met };
  });
  return { met: policy.quorum === null || witnessed.has(policy.quorum), groups };
}
