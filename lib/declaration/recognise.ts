import { StatementError } from '#lib/model-signing/statement-error.ts';
import { readBillOfMaterials } from './bill-of-materials.ts';
import { DeclarationError } from './declaration-error.ts';
import { readEvalResults } from './eval-results.ts';
import type { DeclarationFacts, DeclarationKind } from './facts.ts';
import { readGguf } from './gguf.ts';
import { readKitfile } from './kitfile.ts';
import { readModelCard } from './model-card.ts';
import { readModelPack } from './modelpack.ts';
import { readPeft } from './peft.ts';
import { readSafetensors } from './safetensors.ts';

/** Names by which files are known. Each pattern is held at one end of the last part of the path. */
const NAMES: readonly (readonly [RegExp, DeclarationKind])[] = [
  [/^README\.md$/i, 'model-card'],
  [/^adapter_config\.json$/, 'peft'],
  [/\.gguf$/i, 'gguf'],
  [/\.safetensors$/i, 'safetensors'],
  [/^Kitfile(?:\.ya?ml)?$/, 'kitfile'],
  [/^modelpack\.json$/i, 'modelpack'],
  [/(?:^|\.)croissant\.json(?:ld)?$/i, 'croissant'],
  [/(?:^bom|\.cdx|\.cyclonedx)\.json$/i, 'cyclonedx'],
  [/\.spdx3?\.json(?:ld)?$/i, 'spdx'],
];
const EVAL_RESULTS = /(?:^|\/)\.eval_results\/[^/]+\.ya?ml$/;

const READERS: Readonly<Record<DeclarationKind, (bytes: Uint8Array) => DeclarationFacts>> = {
  'model-card': readModelCard,
  peft: readPeft,
  gguf: readGguf,
  safetensors: readSafetensors,
  modelpack: readModelPack,
  kitfile: readKitfile,
  'eval-results': readEvalResults,
  cyclonedx: readBillOfMaterials,
  spdx: readBillOfMaterials,
  croissant: readBillOfMaterials,
};

/** What a file declares by its name, with `/` between the parts of its path; null for files that declare nothing. */
export function declarationKindOf(path: string): DeclarationKind | null {
  if (EVAL_RESULTS.test(path)) return 'eval-results';
  const name = path.slice(path.lastIndexOf('/') + 1);
  return NAMES.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}

/**
 * Reads a declaring file. Of GGUF and safetensors the start with the header is enough.
 *
 * @throws {DeclarationError} for a file that is not what its name says.
 */
export function readDeclaration(kind: DeclarationKind, bytes: Uint8Array): DeclarationFacts {
  try {
    return READERS[kind](bytes);
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    throw new DeclarationError('bad-declaration', error.message);
  }
}
