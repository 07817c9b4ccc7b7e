import { type CliCommand, EXIT, UsageError } from '../command.ts';
import { CHECK_OPTIONS, checkModel } from '../model-check.ts';
import { printJson } from '../output.ts';

export const verify: CliCommand = {
  options: [
    { flags: '--list <file>', description: 'Instead of a model: a list of its hashes, asked of a server or database' },
    { flags: '--json', description: 'Print one JSON object' },
    ...CHECK_OPTIONS,
  ],
  examples: [
    'modeltrail verify ./model --identity release-bot@models.example --issuer https://accounts.models.example',
    'modeltrail verify ./model --key release.pub --attestation provenance.sigstore.json',
    'modeltrail verify ./model --server https://modeltrail.models.example --token-file token --model granite',
    'modeltrail verify --list SHA256SUMS --database modeltrail.db --require signed,no-findings',
  ],
  exitCodes: {
    0: 'verified: everything that was asked for holds',
    1: 'refused: what does not hold is printed; with --server or --database also files that are part of an incident or retracted, whatever is required',
    2: 'no answer: wrong arguments, a file that cannot be read, no server or database',
  },
  async run(input) {
    const [path, ...more] = input.positionals();
    const list = input.text('list');
    if (more.length > 0 || (path === undefined) === (list === undefined)) {
      throw new UsageError('Name one model, modeltrail verify ./model, or a list of hashes with --list.');
    }
    const check = await checkModel(input, list === undefined ? { path: path ?? '' } : { list });
    if (input.flag('json')) printJson(check.report);
    else check.print();
    return check.isGood ? EXIT.good : EXIT.bad;
  },
};
