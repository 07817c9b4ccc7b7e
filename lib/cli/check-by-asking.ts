import { unmetRequirements } from '#lib/provenance/requirement.ts';
import { UsageError } from './command.ts';
import { hashToList, readListFile } from './given-list.ts';
import type { CommandInput } from './input.ts';
import { askKnownFiles } from './known-files.ts';
import { printKnownFiles } from './known-files-report.ts';
import type { ModelCheck } from './model-check.ts';
import { readRequirements } from './requirements.ts';

/**
 * Hashes a model, or takes a list of its hashes, and asks a server or database what it is. Only hashes are sent.
 *
 * @throws {UsageError} where there is no answer.
 */
export async function checkByAsking(
  input: CommandInput,
  target: { readonly path: string } | { readonly list: string },
): Promise<ModelCheck> {
  const required = readRequirements(input);
  const [model, version] = [input.text('model') ?? null, input.text('model-version') ?? null];
  if (version !== null && model === null) throw new UsageError('--model-version is of a model. Name it with --model.');
  if (input.text('server') !== undefined && input.text('database') !== undefined) {
    throw new UsageError('--server and --database are two places to ask. Leave one out.');
  }
  const list = 'list' in target ? await readListFile(input, target.list) : await hashToList(input, target.path);
  const place = input.text('place') ?? null;
  const known = await askKnownFiles(input, { list, model, version, place });
  const unmet = unmetRequirements(known.answer, required);
  const what = 'list' in target ? target.list : target.path;
  const isGood = unmet.length === 0;
  return {
    isGood,
    root: isGood ? (known.answer.version?.root ?? null) : null,
    receipt: known.receipt.url ?? known.receipt.id,
    report: { path: what, isGood, required, unmet, receipt: known.receipt, ...known.answer },
    print: () => printKnownFiles(what, known, unmet),
  };
}
