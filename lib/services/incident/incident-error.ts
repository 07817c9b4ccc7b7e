/** Why a change of an incident is refused. `stale`: somebody else changed it since it was looked at. */
export type IncidentRefusal = 'unknown' | 'stale' | 'refused';

/** A change of an incident that is not made; nothing is kept of it. The message says what, and what to do. */
export class IncidentError extends Error {
  override readonly name = 'IncidentError';
  readonly code: IncidentRefusal;
  /** The field at fault; null where it is the whole. */
  readonly at: string | null;

  constructor(code: IncidentRefusal, message: string, at: string | null = null) {
    super(message);
    this.code = code;
    this.at = at;
  }
}
