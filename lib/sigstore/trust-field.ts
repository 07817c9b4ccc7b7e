import { TrustError, type TrustErrorCode } from './trust-error.ts';

const MAX_ENTRIES = 200;
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** One value in the JSON of a trust root, which knows its path for the sake of errors. */
export class TrustField {
  readonly value: unknown;
  readonly path: string;

  constructor(value: unknown, path: string) {
    this.value = value;
    this.path = path;
  }

  object(): Readonly<Record<string, unknown>> {
    const { value } = this;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    throw this.error('bad-field', value === undefined ? 'is missing' : 'is not an object');
  }

  field(key: string): TrustField {
    return new TrustField(this.object()[key], `${this.path}.${key}`);
  }

  /** Protobuf's JSON leaves out empty lists. */
  list(key: string): TrustField[] {
    const { value, path } = this.field(key);
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) throw new TrustField(value, path).error('bad-field', 'is not a list');
    if (value.length > MAX_ENTRIES) throw this.error('bad-field', `has more than ${MAX_ENTRIES} ${key}`);
    return value.map((entry, i) => new TrustField(entry, `${path}[${i}]`));
  }

  text(key: string): string {
    const field = this.field(key);
    if (typeof field.value === 'string' && field.value.length <= 4096) return field.value;
    throw field.error('bad-field', field.value === undefined ? 'is missing' : 'is not a text');
  }

  bytes(key: string): Buffer {
    const field = this.field(key);
    const bytes = typeof field.value === 'string' ? Buffer.from(field.value, 'base64') : Buffer.alloc(0);
    if (bytes.length > 0 && bytes.toString('base64') === field.value) return bytes;
    throw field.error('bad-field', field.value === undefined ? 'is missing' : 'is not canonical base64');
  }

  /** `validFor` of this object, in ms since the epoch. An end before the start is nobody's validity. */
  validity(): { validFrom: number | null; validUntil: number | null } {
    const { value } = this.field('validFor');
    if (value === undefined || value === null) return { validFrom: null, validUntil: null };
    const validFor = this.field('validFor');
    const validFrom = validFor.time('start');
    const validUntil = validFor.time('end');
    if (validFrom !== null && validUntil !== null && validUntil < validFrom) {
      throw validFor.error('bad-validity', 'ends before it starts');
    }
    return { validFrom, validUntil };
  }

  error(code: TrustErrorCode, problem: string, mend = 'Take the file as it was published.'): TrustError {
    return new TrustError(code, `In the trust root, ${this.path.replace(/^the trust root\./, '')} ${problem}. ${mend}`);
  }

  private time(key: string): number | null {
    const field = this.field(key);
    if (field.value === undefined || field.value === null) return null;
    const time = typeof field.value === 'string' && RFC3339.test(field.value) ? Date.parse(field.value) : Number.NaN;
    if (Number.isNaN(time)) throw field.error('bad-validity', 'is not a time like 2026-01-31T12:00:00Z');
    return time;
  }
}
