import { INPUT_ROLES, type InputRole } from '#lib/attestation/facts.ts';
import type { LinkState } from './link-state.ts';

/** An input of a version: which thing, in which role, and how its link stands. */
export interface VersionInput {
  readonly artifactId: number;
  readonly role: InputRole;
  readonly name: string | null;
  readonly scheme: string;
  readonly value: string;
  readonly state: LinkState;
}

export interface InputChange {
  readonly role: InputRole;
  /** `changed`: another thing of the same name. */
  readonly kind: 'same' | 'changed' | 'added' | 'removed';
  readonly before: VersionInput | null;
  readonly after: VersionInput | null;
}

/** The inputs of two versions side by side, by role, what changed first. */
export function diffInputs(before: readonly VersionInput[], after: readonly VersionInput[]): InputChange[] {
  return INPUT_ROLES.flatMap((role) => {
    const isMeant = (input: VersionInput) => input.role === role;
    return diffOfRole(role, before.filter(isMeant), after.filter(isMeant));
  });
}

function diffOfRole(role: InputRole, before: readonly VersionInput[], after: readonly VersionInput[]): InputChange[] {
  const left = new Map(before.map((input) => [input.artifactId, input]));
  const found: InputChange[] = [];
  const young: VersionInput[] = [];
  for (const input of after) {
    const same = left.get(input.artifactId);
    left.delete(input.artifactId);
    if (same) found.push({ role, kind: 'same', before: same, after: input });
    else young.push(input);
  }
  const byName = Map.groupBy(left.values(), ({ name }) => name);
  for (const input of young) {
    const named = input.name === null ? undefined : byName.get(input.name)?.pop();
    if (named) left.delete(named.artifactId);
    found.push({ role, kind: named ? 'changed' : 'added', before: named ?? null, after: input });
  }
  for (const input of left.values()) found.push({ role, kind: 'removed', before: input, after: null });
  const order = ['changed', 'removed', 'added', 'same'];
  return found.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || compareNames(a, b));
}

function compareNames(a: InputChange, b: InputChange): number {
  const key = ({ before, after }: InputChange) => (after ?? before)?.name ?? (after ?? before)?.value ?? '';
  return key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
}
