import { open } from 'node:fs/promises';
import { formatPlural } from '#lib/provenance/format.ts';
import { MAX_BUNDLE_BYTES } from '#lib/sigstore/bundle.ts';
import type { StatedTree } from '#lib/training-log/entry.ts';
import { readReceipt } from '#lib/training-log/receipt.ts';
import { TrainingLogError } from '#lib/training-log/training-log-error.ts';
import { readAskedSigner } from '../asked-signer.ts';
import { reportOnBundle } from '../bundle-report.ts';
import { type CliCommand, EXIT, UsageError } from '../command.ts';
import type { CommandInput } from '../input.ts';
import { print, printFacts, printJson } from '../output.ts';
import { readFileUpTo } from '../read-file.ts';
import { isExtensionOf, type StreamedLog, streamTrainingLog } from '../trainlog-read.ts';
import { chooseTrust } from '../trust.ts';

const MAX_RECEIPT = 64 * 1024;

/** One thing that the log was held against; `reason` is null where it holds. */
interface Comparison {
  readonly with: string;
  readonly reason: string | null;
}

export const trainlogVerify: CliCommand = {
  options: [
    { flags: '--root <hex>', description: 'The root that the log must have had; with --size' },
    { flags: '--size <n>', description: 'The number of its lines then; with --root' },
    {
      flags: '--receipt <file>',
      description: 'An earlier {"size", "root"}: the log must only have grown since; may be given more than once',
    },
    { flags: '--attestation <bundle>', description: 'Bundle of SLSA provenance that must name the sealed log' },
    {
      flags: '--identity <id>',
      description: 'With --attestation: who must have signed it; with --issuer or --authority',
    },
    { flags: '--issuer <url>', description: 'The OpenID Connect issuer that must have vouched for the identity' },
    { flags: '--key <file>', description: 'Public key in PEM that must have signed the attestation' },
    {
      flags: '--authority <file>',
      description: 'Certificates in PEM, as for bundle verify; may be given more than once',
    },
    { flags: '--trusted-root <file>', description: 'trusted_root.json to verify the attestation with' },
    { flags: '--config <file>', description: 'Configuration whose trust root, keys and authorities to verify with' },
    { flags: '--json', description: 'Print one JSON object' },
  ],
  examples: [
    'modeltrail trainlog verify run.jsonl --receipt receipt.json',
    'modeltrail trainlog verify run.jsonl --attestation provenance.sigstore.json --identity release-bot@models.example --issuer https://accounts.models.example',
  ],
  exitCodes: {
    0: 'every line is good, and the log is what each receipt, root and attestation says',
    1: 'the log is broken, was not written whole, or is not what one of them says',
    2: 'no answer: wrong arguments, or a file that cannot be read',
  },
  async run(input) {
    const path = input.positional(0) ?? '';
    const trees = await readTrees(input);
    const read = await readLog(path, trees);
    const isJson = input.flag('json');
    if (read instanceof TrainingLogError) {
      if (isJson) printJson({ file: path, outcome: 'refused', code: read.code, line: read.line, reason: read.message });
      else print(`${path}: refused (${read.code})`, read.message);
      return EXIT.bad;
    }
    const comparisons = trees.map(({ name, tree }, i): Comparison => {
      return { with: name, reason: isExtensionOf(tree, read.roots[i] ?? null) };
    });
    const attestation = input.text('attestation');
    if (attestation !== undefined) comparisons.push(await holdAgainst(attestation, read, input));
    const isGood = read.torn === 0 && comparisons.every(({ reason }) => reason === null);
    if (isJson) printJson(reportOf(path, read, comparisons, isGood));
    else printReport(path, read, comparisons, isGood);
    return isGood ? EXIT.good : EXIT.bad;
  },
};

interface NamedTree {
  readonly name: string;
  readonly tree: StatedTree;
}

async function readTrees(input: CommandInput): Promise<NamedTree[]> {
  const [root, size] = [input.text('root'), input.text('size')];
  if ((root === undefined) !== (size === undefined)) {
    throw new UsageError('A root is that of so many lines. Give both --root and --size.');
  }
  const trees: NamedTree[] = [];
  try {
    if (root !== undefined) {
      const bytes = Buffer.from(JSON.stringify({ size: Number(size), root }));
      trees.push({ name: '--root', tree: readReceipt(bytes) });
    }
    for (const file of input.texts('receipt')) {
      trees.push({ name: file, tree: readReceipt(await readFileUpTo(file, MAX_RECEIPT, 'receipt')) });
    }
  } catch (error) {
    throw error instanceof TrainingLogError ? new UsageError(error.message) : error;
  }
  return trees;
}

async function readLog(path: string, trees: readonly NamedTree[]): Promise<StreamedLog | TrainingLogError> {
  const file = await open(path, 'r').catch((error: Error) => {
    throw new UsageError(`The training log cannot be opened: ${error.message}.`);
  });
  try {
    return await streamTrainingLog(file, { sizes: trees.map(({ tree }) => tree.size) });
  } catch (error) {
    if (error instanceof TrainingLogError) return error;
    throw error;
  } finally {
    await file.close();
  }
}

/** The attestation must verify first: what a bundle says that does not is nobody's word. */
async function holdAgainst(file: string, { tree, sha256 }: StreamedLog, input: CommandInput): Promise<Comparison> {
  const trust = await chooseTrust(input);
  const question = await readAskedSigner(input, trust);
  const bytes = await readFileUpTo(file, MAX_BUNDLE_BYTES, 'attestation');
  const report = reportOnBundle(bytes, trust, { ...question, now: Date.now(), artifact: null });
  if (report.outcome === 'refused') return { with: file, reason: `The attestation is refused: ${report.reason}` };
  const logs = report.content?.kind === 'statement' ? (report.content.facts.trainingLogs ?? []) : [];
  if (logs.length === 0) return { with: file, reason: 'The attestation names no training log.' };
  if (!tree.seal) return { with: file, reason: 'The log is not sealed, and the attestation names a sealed one.' };
  const { size, root } = tree.seal;
  const named = logs.some((log) => log.sha256 === sha256 && log.root === root && log.size === size);
  return { with: file, reason: named ? null : 'The attestation names another log, or another end of this one.' };
}

function reportOf(path: string, read: StreamedLog, comparisons: readonly Comparison[], isGood: boolean) {
  const { header, tree, sha256, torn } = read;
  const outcome = isGood ? 'verified' : 'refused';
  return {
    file: path,
    outcome,
    ...header,
    size: tree.size,
    root: tree.root(),
    seal: tree.seal,
    sha256,
    torn,
    comparisons,
  };
}

function printReport(path: string, read: StreamedLog, comparisons: readonly Comparison[], isGood: boolean): void {
  const { header, tree, sha256, torn } = read;
  print(`${path}: ${isGood ? 'every line is good' : 'refused'}`);
  if (torn > 0)
    print(`The last line was not written whole: ${formatPlural(torn, 'byte')} stand behind the last newline.`);
  printFacts([
    ['Run', header.run],
    ['Lines', String(tree.size)],
    ['Root', tree.root()],
    ['Sealed', tree.seal ? `yes: ${tree.seal.size} lines, root ${tree.seal.root}` : 'no: more can be written'],
    ['SHA-256', sha256],
    ...comparisons.map(({ with: name, reason }) => ['Held against', `${name}: ${reason ?? 'it agrees'}`] as const),
  ]);
  if (comparisons.length === 0) {
    print('', 'It was held against nothing from elsewhere: whoever holds the file could have written all of it anew.');
  }
}
