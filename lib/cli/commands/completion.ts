import { type CliCommand, EXIT, UsageError } from '../command.ts';
import { COMMANDS, type ListedCommand, nameOf } from '../command-table.ts';
import { type CompletedOption, type CompletionNode, completionScript, SHELLS } from '../completion-script.ts';

/** What cac adds to every command. */
const HELP: CompletedOption = { name: '--help', description: 'Say what it does', value: 'none' };
const VERSION: CompletedOption = { name: '--version', description: 'Print the version', value: 'none' };
/** Names of arguments and values that are files or folders. */
const FILES = /[<[.](?:files?|paths?)[\]>]/;

export const completion: CliCommand = {
  options: [],
  examples: [
    'source <(modeltrail completion bash)',
    'modeltrail completion zsh > ~/.zfunc/_modeltrail',
    'modeltrail completion fish > ~/.config/fish/completions/modeltrail.fish',
  ],
  exitCodes: { 0: 'printed', 2: 'no answer: no such shell' },
  async run(input) {
    const asked = input.positional(0);
    const shell = SHELLS.find((known) => known === asked);
    if (!shell) throw new UsageError(`There is no completion for ${asked}. Choose of ${SHELLS.join(', ')}.`);
    process.stdout.write(completionScript(shell, await completionNodes(COMMANDS)));
    return EXIT.good;
  },
};

/** What may follow each beginning of a command, from the table and the options of every command in it. */
async function completionNodes(commands: readonly ListedCommand[]): Promise<CompletionNode[]> {
  const listed = await Promise.all(
    commands.map(async ({ usage, description, load }) => {
      const name = nameOf(usage);
      const next = name === 'completion' ? SHELLS.map((word) => ({ word, description: `For ${word}` })) : [];
      const options = [...(await load()).options.map(describeOption), HELP];
      return { words: name, description, next, options, takesFiles: FILES.test(usage) };
    }),
  );
  const groups = new Map<string, CompletionNode>();
  const first = new Map<string, string>();
  for (const { words, description } of listed) {
    const [group = '', word] = words.split(' ');
    if (word === undefined) first.set(group, description);
    else {
      const known = groups.get(group) ?? {
        words: group,
        description: '',
        next: [],
        options: [HELP],
        takesFiles: false,
      };
      groups.set(group, { ...known, next: [...known.next, { word, description }] });
      if (!first.has(group)) first.set(group, `${words}, and more`);
    }
  }
  const own = listed.map((node) => ({ ...node, next: [...node.next, ...(groups.get(node.words)?.next ?? [])] }));
  const names = new Set(listed.map(({ words }) => words));
  const start: CompletionNode = {
    words: '',
    description: '',
    next: [...first].map(([word, description]) => ({ word, description })),
    options: [HELP, VERSION],
    takesFiles: false,
  };
  return [start, ...[...groups.values()].filter(({ words }) => !names.has(words)), ...own];
}

function describeOption({ flags, description }: CliCommand['options'][number]): CompletedOption {
  const [name = flags, value] = flags.split(' ');
  if (value === undefined) return { name, description, value: 'none' };
  return { name, description, value: FILES.test(value) ? 'file' : 'text' };
}
