import { type CliCommand, EXIT, UsageError } from '../command.ts';
import { CHECK_OPTIONS, checkModel } from '../model-check.ts';
import { printError } from '../output.ts';
import { runProgram } from '../run-program.ts';

export const run: CliCommand = {
  options: [
    {
      flags: '--model-path <path>',
      description:
        'The model that the program is going to load; from a folder that is read-only to it: what changes after the check is not seen',
    },
    ...CHECK_OPTIONS,
  ],
  examples: [
    'modeltrail run --model-path ./model --key release.pub -- python serve.py',
    'modeltrail run --model-path /models/granite --server https://modeltrail.models.example --token-file token --require signed,logged,no-findings -- vllm serve /models/granite',
  ],
  exitCodes: {
    0: 'the program ran and ended well; any other code of the program is passed on',
    1: 'refused: the model does not verify, or with --server or --database is part of an incident or retracted; the program was not started',
    2: 'no answer, wrong arguments, or a program that is not there: it was not started',
  },
  async run(input) {
    const command = input.afterDashes();
    const path = input.text('model-path');
    if (input.positionals().length > 0 || command.length === 0 || path === undefined) {
      throw new UsageError('Name model and program: modeltrail run --model-path ./model … -- python serve.py');
    }
    const check = await checkModel(input, { path });
    if (!check.isGood) {
      check.print();
      printError(`${command[0]} is not started.`);
      return EXIT.bad;
    }
    printError(`${path}: verified${check.receipt === null ? '' : `, ${check.receipt}`}`);
    const { MODELTRAIL_VERIFIED_ROOT: _, MODELTRAIL_RECEIPT: __, ...env } = process.env;
    return runProgram(command, {
      ...env,
      ...(check.root !== null && { MODELTRAIL_VERIFIED_ROOT: check.root }),
      ...(check.receipt !== null && { MODELTRAIL_RECEIPT: check.receipt }),
    });
  },
};
