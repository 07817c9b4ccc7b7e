import { readScope, ScopeError } from '#lib/provenance/read-scope.ts';
import type { Scope } from '#lib/provenance/scope.ts';
import { IncidentError } from '#lib/services/incident/incident-error.ts';
import { ApiError, notFound } from './problem.ts';

/** Runs a change of an incident. @throws {ApiError} for what it refuses. */
export function withIncidentErrors<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof IncidentError)) throw error;
    const { code, message: detail, at } = error;
    if (code === 'unknown') throw notFound(detail, 'GET /api/v1/incidents lists them.');
    throw new ApiError({ code: code === 'stale' ? 'incident-changed' : 'incident-refused', detail, at });
  }
}

/** A scope of a body. @throws {ApiError} */
export function scopeOf(value: unknown): Scope {
  try {
    return readScope(value);
  } catch (error) {
    if (!(error instanceof ScopeError)) throw error;
    throw new ApiError({ code: 'bad-request', detail: error.message, at: `scope.${error.at}`.replace(/\.$/, '') });
  }
}
