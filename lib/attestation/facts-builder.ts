import type { SubjectDigest } from '#lib/model-signing/statement.ts';
import { StatementError } from '#lib/model-signing/statement-error.ts';
import { normaliseDigest } from './digest-set.ts';
import {
  type AttestationFacts,
  type AttestationKind,
  type InputRole,
  type LabelledValue,
  noFacts,
  type StatedTrainingLog,
  type StatedValue,
} from './facts.ts';
import type { JsonPlace } from './json-place.ts';

/** An input that is passed over would make a chain look whole: more than these are refused, not cut off. */
export const MAX_INPUTS = 10_000;
/** Outputs, parameters, environment rows and evaluations beyond these are passed over, with a remark. */
export const MAX_ROWS = 1000;
const MAX_REMARKS = 100;
const MAX_TRAINING_LOGS = 16;
const MAX_DIGESTS = 32;
const MAX_TEXT = 4096;
/** Longer values are for machines: people see their start. */
const MAX_SHOWN = 512;
/** RFC 3339. What `Date.parse` takes besides differs from one engine to the next. */
const DATE_TIME = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)$/;

type Building = {
  -readonly [Key in keyof AttestationFacts]: AttestationFacts[Key] extends readonly (infer Item)[]
    ? Item[]
    : AttestationFacts[Key];
};
type Rows = 'parameters' | 'environment';

/** Collects what a reader finds in a document, within bounds, and a remark for each field that cannot be read. */
export class FactsBuilder {
  readonly facts: Building;
  private readonly full = new Set<string>();

  constructor(kind: AttestationKind, format: string) {
    this.facts = {
      ...noFacts(kind, format.slice(0, 64)),
      outputs: [],
      inputs: [],
      parameters: [],
      environment: [],
      evaluations: [],
      verifiedLevels: [],
      remarks: [],
    };
  }

  remark(text: string): void {
    const { remarks } = this.facts;
    if (remarks.length < MAX_REMARKS) remarks.push(text);
    else if (remarks.length === MAX_REMARKS) remarks.push('More fields than these cannot be read.');
  }

  /** A text of 1 to 4096 characters; null for none, with a remark for what is something else. */
  text(place: JsonPlace): string | null {
    const { value, at } = place;
    if (typeof value === 'string' && value !== '' && value.length <= MAX_TEXT) return value;
    if (place.exists && value !== '') this.remark(`${at} is not a text of at most ${MAX_TEXT} characters.`);
    return null;
  }

  stated(place: JsonPlace): StatedValue | null {
    const value = this.text(place);
    return value === null ? null : { value, at: place.at };
  }

  time(place: JsonPlace): { time: number; at: string } | null {
    const text = this.text(place);
    if (text === null) return null;
    const time = DATE_TIME.test(text) ? Date.parse(text) : Number.NaN;
    if (Number.isFinite(time)) return { time, at: place.at };
    this.remark(`${place.at} is not a date and time of RFC 3339.`);
    return null;
  }

  /** An in-toto DigestSet. A digest that cannot be one is passed over with a remark: it pins nothing. */
  digests(place: JsonPlace): SubjectDigest[] {
    if (place.exists && !place.isObject) this.remark(`${place.at} is not a set of digests.`);
    return this.digestList(place.members().map(([algorithm, { value, at }]) => ({ algorithm, value, at })));
  }

  digestList(stated: readonly { algorithm: string; value: unknown; at: string }[]): SubjectDigest[] {
    if (stated.length > MAX_DIGESTS)
      this.remark(`${stated[MAX_DIGESTS]?.at}: ${MAX_DIGESTS} digests of one thing are read.`);
    return stated.slice(0, MAX_DIGESTS).flatMap(({ algorithm, value, at }) => {
      const digest = normaliseDigest(algorithm, value);
      if (digest === null) this.remark(`${at} is not a digest of its algorithm.`);
      return digest ?? [];
    });
  }

  /**
   * Adds an input, also one that says nothing of itself: it is an input all the same.
   *
   * @throws {StatementError} beyond 10,000 inputs.
   */
  input(
    role: InputRole,
    stated: { name?: string | null; uri?: string | null; digests?: readonly SubjectDigest[] },
    at: string,
  ): void {
    const { name = null, uri = null, digests = [] } = stated;
    if (name === null && uri === null && digests.length === 0) {
      this.remark(`${at} names an input by neither name, address nor digest.`);
    }
    if (this.facts.inputs.length === MAX_INPUTS) {
      throw new StatementError('bad-attestation', `${at}: at most ${MAX_INPUTS} inputs are read.`, at);
    }
    this.facts.inputs.push({ role, name, uri, digests, at });
  }

  output(name: string | null, digests: readonly SubjectDigest[], at: string): void {
    if (digests.length > 0 && this.hasRoom('outputs', at)) this.facts.outputs.push({ name, digests, at });
  }

  row(rows: Rows, label: string, value: string, at: string): void {
    if (!this.hasRoom(rows, at)) return;
    const row: LabelledValue = { label: label.slice(0, MAX_SHOWN), value: shorten(value), at };
    this.facts[rows].push(row);
  }

  evaluation(name: string, value: string, on: string | null, at: string): void {
    if (!this.hasRoom('evaluations', at)) return;
    this.facts.evaluations.push({
      name: shorten(name),
      value: shorten(value),
      on: on === null ? null : shorten(on),
      at,
    });
  }

  trainingLog(log: StatedTrainingLog): void {
    const { trainingLogs = [] } = this.facts;
    if (trainingLogs.length === MAX_TRAINING_LOGS) {
      this.remark(`${log.at}: ${MAX_TRAINING_LOGS} training logs are read, and no more.`);
      return;
    }
    this.facts.trainingLogs = [...trainingLogs, log];
  }

  /** One row for each value inside: `hyperparameters.lr`. A list of plain values is one row. */
  flatten(rows: Rows, place: JsonPlace, label = ''): void {
    if (!place.exists || this.full.has(rows)) return;
    if (label === '' && !place.isObject) {
      this.remark(`${place.at} is not an object.`);
      return;
    }
    const inside: (readonly [string, JsonPlace])[] = place.isObject
      ? place.members().map(([key, member]) => [label === '' ? key || '""' : `${label}.${key}`, member])
      : place.entries().map((entry, i) => [`${label}[${i}]`, entry]);
    if (inside.length === 0 && label === '') return;
    if (inside.length === 0 || (place.isList && inside.every(([, { value }]) => isPlain(value)))) {
      this.row(rows, label, showValue(place.value), place.at);
      return;
    }
    for (const [name, member] of inside) {
      if (this.full.has(rows)) return;
      this.flatten(rows, member, name.slice(0, MAX_SHOWN));
    }
  }

  private hasRoom(rows: Rows | 'outputs' | 'evaluations', at: string): boolean {
    if (this.facts[rows].length < MAX_ROWS) return true;
    if (!this.full.has(rows)) this.remark(`${at}: ${MAX_ROWS} ${rows} are read, and no more.`);
    this.full.add(rows);
    return false;
  }
}

/** A value as one line for people: texts as they are, others as JSON, at most 512 characters. */
export function showValue(value: unknown): string {
  if (typeof value === 'string') return shorten(value);
  if (Array.isArray(value)) return shorten(JSON.stringify(value.slice(0, MAX_SHOWN)));
  return shorten(JSON.stringify(value) ?? '');
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

function shorten(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN - 1)}…` : text;
}
