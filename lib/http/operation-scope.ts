import { SCOPES, type Scope } from '#lib/services/access/scope.ts';

/** What an operation of the OpenAPI document says of who may ask. */
export interface OperationAccess {
  readonly security?: readonly unknown[] | undefined;
  readonly description?: string | undefined;
}

/**
 * The scope that a token needs for an operation. The document has no field for scopes of bearer tokens: an operation with
 * `security` of its own says it in one sentence, “Needs a token with the scope …”. One without is read with the scope `read`.
 * Null where it has `security` and no such sentence, which is a fault of ours.
 */
export function scopeOfOperation({ security = [], description = '' }: OperationAccess): Scope | null {
  if (security.length === 0) return 'read';
  const named = /\bNeeds a token with the scope ([a-z]+)\b/.exec(description)?.[1];
  return SCOPES.find((scope) => scope === named) ?? null;
}
