import { formatCount } from '#lib/provenance/format.ts';
import { decodeEntry } from '#lib/rekor/entry.ts';
import { noteVerifiers } from '#lib/sigstore/log-key.ts';
import { openCheckpoint, parseCheckpoint } from '#lib/tlog/checkpoint.ts';
import { TlogError } from '#lib/tlog/error.ts';
import { hashLeaf } from '#lib/tlog/hash.ts';
import { toHex } from '#lib/tlog/hex.ts';
import { isLogKey, parseVerifierKey } from '#lib/tlog/key.ts';
import { type NoteVerifier, parseNote } from '#lib/tlog/note.ts';
import { verifyInclusion } from '#lib/tlog/proof.ts';
import { type CliCommand, EXIT, UsageError } from '../command.ts';
import type { CommandInput } from '../input.ts';
import { print, printFacts, printJson } from '../output.ts';
import { readFileUpTo } from '../read-file.ts';
import { MAX_PROOF_BYTES, parseTlogProof, type TlogProof, TlogProofError } from '../tlog-proof.ts';
import { chooseTrust } from '../trust.ts';

/** An entry of a tile log has at most so many bytes. */
const MAX_ENTRY = 65_535;

/** Which log must have signed. */
interface LogToBelieve {
  readonly origin: string;
  readonly verifiers: readonly NoteVerifier[];
}

type ProofReport =
  | { readonly outcome: 'refused'; readonly reason: string }
  | {
      readonly outcome: 'verified';
      readonly origin: string;
      readonly index: number;
      readonly treeSize: number;
      readonly root: string;
      readonly leafHash: string;
      readonly entry: Readonly<Record<string, string>>;
    };

export const proofVerify: CliCommand = {
  options: [
    { flags: '--proof <file>', description: 'The proof with its checkpoint (c2sp.org/tlog-proof@v1)' },
    { flags: '--entry <file>', description: 'The entry as the log has it' },
    { flags: '--key <vkey>', description: "The log's verifier key (C2SP vkey): name+id+key" },
    { flags: '--trusted-root <file>', description: "Or a trusted_root.json that has the log's key" },
    { flags: '--json', description: 'Print one JSON object' },
  ],
  examples: ['modeltrail proof verify --proof evt_1.tlog-proof --entry evt_1.entry --key rekor.example+0a1b2c3d+AZ…'],
  exitCodes: {
    0: 'verified: the log signed a tree with this entry at this index',
    1: 'refused: the reason is printed',
    2: 'no answer: wrong arguments, or a file that cannot be read',
  },
  async run(input) {
    const [proofFile, entryFile, key] = [input.text('proof'), input.text('entry'), input.text('key')];
    if (proofFile === undefined || entryFile === undefined) throw new UsageError('Give both --proof and --entry.');
    const bytes = await readFileUpTo(proofFile, MAX_PROOF_BYTES, 'proof');
    const entry = await readFileUpTo(entryFile, MAX_ENTRY, 'entry');
    const report = await verify(bytes, entry, (proof) => chooseLog(input, key, proof));
    if (input.flag('json')) printJson({ proof: proofFile, entry: entryFile, ...report });
    else printReport(entryFile, report);
    return report.outcome === 'verified' ? EXIT.good : EXIT.bad;
  },
};

async function verify(
  bytes: Uint8Array,
  entry: Uint8Array,
  choose: (proof: TlogProof) => Promise<LogToBelieve>,
): Promise<ProofReport> {
  try {
    const proof = parseTlogProof(bytes);
    const { checkpoint } = openCheckpoint(proof.checkpoint, await choose(proof));
    const { origin, size, root } = checkpoint;
    const leafHash = hashLeaf(entry);
    verifyInclusion({ index: proof.index, size, leafHash, proof: proof.hashes, root });
    const place = { index: proof.index, treeSize: size, root: toHex(root), leafHash: toHex(leafHash) };
    return { outcome: 'verified', origin, ...place, entry: describeEntry(entry) };
  } catch (error) {
    if (error instanceof TlogProofError)
      return { outcome: 'refused', reason: `The proof cannot be read. ${error.message}` };
    if (error instanceof TlogError) return { outcome: 'refused', reason: `${error.message}.` };
    throw error;
  }
}

async function chooseLog(input: CommandInput, key: string | undefined, proof: TlogProof): Promise<LogToBelieve> {
  if (key !== undefined && input.text('trusted-root') !== undefined) {
    throw new UsageError('Both --key and --trusted-root name the key to believe. Leave one out.');
  }
  if (key !== undefined) return { verifiers: [readKey(key)], origin: readKey(key).name };
  if (input.text('trusted-root') === undefined) {
    throw new UsageError("Give the log's key as --key, or --trusted-root: a proof is worth what the key is.");
  }
  const { root } = await chooseTrust(input);
  // The origin only chooses the key here; openCheckpoint then asks that key for the signature.
  const { origin } = parseCheckpoint(parseNote(proof.checkpoint).text);
  const logs = root.logs.filter((log) => log.api === 'rekor-v2' && log.origin === origin);
  const [log] = logs;
  if (log) return { origin, verifiers: noteVerifiers(log) };
  const known = root.logs.filter(({ api }) => api === 'rekor-v2').map((each) => each.origin);
  throw new UsageError(`The trust root has no Rekor v2 log ${origin}; it has ${known.join(', ') || 'none'}.`);
}

function readKey(vkey: string): NoteVerifier {
  try {
    const verifier = parseVerifierKey(vkey);
    if (isLogKey(verifier)) return verifier;
  } catch (error) {
    if (!(error instanceof TlogError)) throw error;
    throw new UsageError(`--key cannot be used: ${error.message}.`);
  }
  throw new UsageError("--key is a witness's key. Give the log's own.");
}

/** What the entry says of itself, now that the log is known to hold it. Whether that is true is another matter. */
function describeEntry(bytes: Uint8Array): Readonly<Record<string, string>> {
  const entry = decodeEntry(bytes);
  if ('undecided' in entry) return { kind: entry.kind ?? 'unknown', undecided: entry.undecided };
  if (entry.digest === null) return { kind: entry.kind };
  const digest = Buffer.from(entry.digest, 'base64').toString('hex');
  return { kind: entry.kind, digest: `${entry.digestAlgorithm}:${digest}` };
}

function printReport(file: string, report: ProofReport): void {
  if (report.outcome === 'refused') {
    print(`${file}: refused`, report.reason);
    return;
  }
  const { origin, index, treeSize, root, leafHash, entry } = report;
  print(
    `${file}: verified`,
    `Entry ${index} is in the tree of ${formatCount(treeSize)} entries that ${origin} signed.`,
    '',
  );
  printFacts([
    ['Leaf hash', leafHash],
    ['Root', root],
    ...Object.entries(entry).map(([label, value]): [string, string] => [`Entry's ${label}`, value]),
  ]);
}
