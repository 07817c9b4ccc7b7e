import { open } from 'node:fs/promises';
import { trainingLogByproduct } from '#lib/training-log/byproduct.ts';
import { sealOf, type TrainingLogSeal } from '#lib/training-log/seal.ts';
import { type CliCommand, EXIT, UsageError } from '../command.ts';
import { print, printFacts, printJson } from '../output.ts';
import { TrainingLogFile } from '../trainlog-file.ts';
import { handInTrainingLog } from '../trainlog-hand-in.ts';
import { streamTrainingLog } from '../trainlog-read.ts';

export const trainlogSeal: CliCommand = {
  options: [
    { flags: '--server <url>', description: 'Hand the sealed log to this Modeltrail; with --token-file' },
    { flags: '--token-file <file>', description: 'File whose first line is a token of the scope ingest' },
    { flags: '--adopt', description: 'Seal the log as it stands, though its state file is lost or differs' },
    { flags: '--json', description: 'Print one JSON object, with the byproduct for SLSA provenance' },
  ],
  examples: [
    'modeltrail trainlog seal run.jsonl',
    'modeltrail trainlog seal run.jsonl --server https://modeltrail.models.example --token-file ./ingest-token',
  ],
  exitCodes: {
    0: 'sealed, or was before; and handed in, where that was asked',
    1: 'the server refused the log; the reason is printed. It is sealed all the same',
    2: 'no answer: wrong arguments, another writer, a log that is broken or was changed, or no server',
  },
  async run(input) {
    const path = input.positional(0) ?? '';
    const [server, tokenFile] = [input.text('server'), input.text('token-file')];
    if ((server === undefined) !== (tokenFile === undefined)) {
      throw new UsageError('A server takes logs with a token only. Give both --server and --token-file.');
    }
    const { seal, run } = await sealFile(path, input.flag('adopt'));
    const handedIn =
      server === undefined || tokenFile === undefined ? null : await handInTrainingLog(path, { server, tokenFile });
    if (input.flag('json')) printJson({ run, byproduct: trainingLogByproduct(seal), handedIn });
    else {
      printFacts([
        ['Run', run],
        ['Lines', String(seal.size)],
        ['Root', seal.root],
        ['SHA-256', seal.sha256],
        ...(handedIn === null ? [] : ([['Handed in', handedIn.reason ?? handedIn.id ?? '']] as const)),
      ]);
      print('', 'Nothing is proven until this is signed: name the log in the provenance of what was trained.');
    }
    return handedIn !== null && handedIn.id === null ? EXIT.bad : EXIT.good;
  },
};

/** Seals a log, or reads the seal of one that has it: a second call is no error. */
async function sealFile(path: string, adopt: boolean): Promise<{ seal: TrainingLogSeal; run: string }> {
  const before = await readSeal(path);
  if (before) return before;
  const log = await TrainingLogFile.open(path, { run: null, adopt });
  try {
    log.takeRoot('seal');
    await log.flush();
  } finally {
    await log.close();
  }
  const sealed = await readSeal(path);
  if (!sealed) throw new UsageError(`${path} was changed while it was sealed.`);
  return sealed;
}

async function readSeal(path: string): Promise<{ seal: TrainingLogSeal; run: string } | null> {
  const file = await open(path, 'r').catch((error: Error) => {
    throw new UsageError(`The training log cannot be opened: ${error.message}.`);
  });
  try {
    const { header, tree, sha256, torn } = await streamTrainingLog(file);
    return tree.seal && torn === 0 ? { seal: sealOf({ seal: tree.seal, sha256 }), run: header.run } : null;
  } finally {
    await file.close();
  }
}
