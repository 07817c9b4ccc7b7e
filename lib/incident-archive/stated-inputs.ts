import type { StatedInput } from '#lib/attestation/facts.ts';
import type { Statement } from '#lib/model-signing/statement.ts';
import { type AliasName, digestAlias } from '#lib/provenance/input-name.ts';
import { ArchiveError } from './checklist.ts';
import type { ArchivedLink } from './documents.ts';
import { keyOf } from './same-things.ts';

/** What documents state: each is gone through once, however many links are looked up in it. */
export class StatedInputs {
  readonly #inputs = new Map<string, ReadonlySet<string>>();
  readonly #subjects = new Map<string, ReadonlySet<string>>();

  /** @throws {ArchiveError} where the document names no such input in that place. */
  require(link: ArchivedLink, document: string, inputs: readonly StatedInput[]): void {
    const known = this.#inputs.get(document) ?? new Set(inputs.map(describeInput));
    this.#inputs.set(document, known);
    if (!known.has(describeInput(link))) throw new ArchiveError(`${document} states no such input at ${link.at}`);
  }

  /** Whether one of the statement's subjects has this digest. */
  isAbout(document: string, { subjects }: Statement, subject: AliasName): boolean {
    const digests = () => subjects.flatMap((one) => one.digests.flatMap((digest) => digestAlias('code', digest) ?? []));
    const known = this.#subjects.get(document) ?? new Set(digests().map(keyOf));
    this.#subjects.set(document, known);
    return known.has(keyOf(subject));
  }
}

function describeInput({ at, role, name, uri, digests }: StatedInput): string {
  return JSON.stringify([at, role, name, uri, digests.map(({ algorithm, digest }) => [algorithm, digest])]);
}
