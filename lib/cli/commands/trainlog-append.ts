import { basename } from 'node:path';
import { type CliCommand, EXIT, UsageError } from '../command.ts';
import { print } from '../output.ts';
import { readAskedEntries } from '../trainlog-entries.ts';
import { TrainingLogFile } from '../trainlog-file.ts';
import { appendStream } from '../trainlog-stream.ts';

export const trainlogAppend: CliCommand = {
  options: [
    { flags: '--run <name>', description: "What a new log calls its run; the file's name if not said" },
    { flags: '--metric <name=number>', description: 'A value of a metric; may be given more than once' },
    { flags: '--step <n>', description: 'The step of the metrics and checkpoints' },
    { flags: '--checkpoint <path>', description: 'A file, or the folder of a model, with its digest' },
    { flags: '--event <text>', description: 'Something that happened' },
    { flags: '--json <object>', description: 'Any entry: an object with a "kind"' },
    { flags: '--stdin', description: 'Entries from standard input, one JSON object a line, until it ends' },
    { flags: '--root', description: 'State the root of all lines so far as the last entry' },
    { flags: '--root-every <n>', description: 'With --stdin: state it after every n entries' },
    { flags: '--receipt', description: 'Print size and root as JSON, with --root-every each time: keep it elsewhere' },
    { flags: '--adopt', description: 'Go on with the log as it stands, though its state file is lost or differs' },
  ],
  examples: [
    'modeltrail trainlog append run.jsonl --run northwind-7 --event "training begins"',
    'modeltrail trainlog append run.jsonl --metric loss=0.12 --metric accuracy=0.91 --step 10',
    'modeltrail trainlog append run.jsonl --checkpoint ./checkpoint-10 --step 10 --receipt',
    'python train.py | modeltrail trainlog append run.jsonl --stdin --root-every 1000 --receipt',
  ],
  exitCodes: {
    0: 'appended, and on the disk',
    1: 'with --stdin only: one or more lines were refused; each is printed with its reason. The others were taken',
    2: 'nothing more was appended: wrong arguments, another writer, or a log that is sealed or was changed',
  },
  async run(input) {
    const path = input.positional(0) ?? '';
    const isStream = input.flag('stdin');
    const rootEvery = readCount(input.text('root-every'));
    if (rootEvery !== null && !isStream) throw new UsageError('--root-every goes with --stdin. Use --root.');
    const entries = await readAskedEntries(input);
    if (entries.length === 0 && !isStream && !input.flag('root')) {
      throw new UsageError('Say what to append: --metric, --checkpoint, --event, --json, --root or --stdin.');
    }
    const run = input.text('run') ?? basename(path).slice(0, 200);
    const log = await TrainingLogFile.open(path, { run, adopt: input.flag('adopt') });
    const receipt = () => {
      if (input.flag('receipt')) print(JSON.stringify(log.tree));
    };
    // The training process gets the same interrupt and ends; what it still wrote is taken until its pipe is empty.
    const stay = () => {};
    if (isStream) process.on('SIGINT', stay);
    try {
      try {
        for (const entry of entries) log.take(entry);
      } finally {
        await log.flush();
      }
      const refused = isStream ? await appendStream(log, process.stdin, { rootEvery, onRoot: receipt }) : 0;
      if (input.flag('root')) log.takeRoot('root');
      await log.flush();
      receipt();
      return refused === 0 ? EXIT.good : EXIT.bad;
    } finally {
      process.off('SIGINT', stay);
      await log.close();
    }
  },
};

function readCount(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`--root-every ${text} is not a whole number from 1.`);
}
