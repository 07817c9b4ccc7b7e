/** Shells that a script can be written for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof SHELLS)[number];

export interface CompletedOption {
  /** With its dashes. */
  readonly name: string;
  readonly description: string;
  readonly value: 'none' | 'file' | 'text';
}

/** What may follow some words of the command line: none, a group's, or a command's. */
export interface CompletionNode {
  readonly words: string;
  readonly description: string;
  /** Words that may follow at once: commands, or the few values that an argument can have. */
  readonly next: readonly { readonly word: string; readonly description: string }[];
  readonly options: readonly CompletedOption[];
  /** Whether an argument is a file or folder. */
  readonly takesFiles: boolean;
}

/**
 * A script that completes commands, options and files of `modeltrail` in a shell. It runs nothing of Modeltrail: a
 * key press must not start Node.
 *
 * @param nodes one for each beginning of a command; that without words among them.
 */
export function completionScript(shell: Shell, nodes: readonly CompletionNode[]): string {
  return { bash, zsh, fish }[shell](nodes);
}

function bash(nodes: readonly CompletionNode[]): string {
  const cases = nodes.map(({ words, next, options, takesFiles }) =>
    [
      `    ${quote(words)})`,
      `      next=${quote(next.map(({ word }) => word).join(' '))}`,
      `      options=${quote(namesOf(options))}`,
      `      values=${quote(namesOf(options, 'text'))}`,
      `      files=${quote(namesOf(options, 'file'))}`,
      `      paths=${takesFiles ? 1 : 0} ;;`,
    ].join('\n'),
  );
  return `# Completion of modeltrail for bash: source <(modeltrail completion bash)
_modeltrail() {
  local IFS=$' \\t\\n'
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  local command='' depth=0 next='' options='' values='' files='' paths=0 i
  COMPREPLY=()
  # Behind -- stands a program of its own: files are offered.
  for ((i = 1; i < COMP_CWORD; i++)); do [[ \${COMP_WORDS[i]} == -- ]] && return; done
  if ((COMP_CWORD > 1)); then command=\${COMP_WORDS[1]} depth=1; fi
  if ((COMP_CWORD > 2)); then
    case "$command \${COMP_WORDS[2]}" in
      ${pairsOf(nodes)}) command="$command \${COMP_WORDS[2]}" depth=2 ;;
    esac
  fi
  case $command in
${cases.join('\n')}
    *) return ;;
  esac
  # bash takes --name=value apart at the sign.
  if [[ $current == = ]]; then current='' ; elif [[ $previous == = ]]; then previous=\${COMP_WORDS[COMP_CWORD-2]}; fi
  case " $files " in *" $previous "*) return ;; esac
  case " $values " in *" $previous "*) compopt +o default 2>/dev/null; return ;; esac
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$current"))
  elif ((COMP_CWORD == depth + 1)) && [[ -n $next ]]; then
    COMPREPLY=($(compgen -W "$next" -- "$current"))
  fi
  if ((paths == 0)); then compopt +o default 2>/dev/null; fi
  return 0
}
complete -o default -F _modeltrail modeltrail
`;
}

function zsh(nodes: readonly CompletionNode[]): string {
  const cases = nodes.map(({ words, next, options, takesFiles }) =>
    [
      `    (${quote(words)})`,
      `      next=(${next.map(({ word, description }) => quote(`${word}:${description}`)).join(' ')})`,
      `      options=(${options.map(({ name, description }) => quote(`${name}:${description}`)).join(' ')})`,
      `      values=(${namesOf(options, 'text')})`,
      `      files=(${namesOf(options, 'file')})`,
      `      paths=${takesFiles ? 1 : 0} ;;`,
    ].join('\n'),
  );
  return `#compdef modeltrail
# Completion of modeltrail for zsh: source <(modeltrail completion zsh)
_modeltrail() {
  local command='' previous=\${words[CURRENT-1]} depth=0 paths=0
  local -a next options values files
  if (( \${words[(i)--]} < CURRENT )); then _files; return; fi
  if (( CURRENT > 2 )); then command=\${words[2]} depth=1; fi
  if (( CURRENT > 3 )); then
    case "$command \${words[3]}" in
      (${pairsOf(nodes)}) command="$command \${words[3]}" depth=2 ;;
    esac
  fi
  case $command in
${cases.join('\n')}
    (*) return 1 ;;
  esac
  if (( \${files[(Ie)$previous]} )); then _files; return; fi
  if (( \${values[(Ie)$previous]} )); then return 1; fi
  if [[ $PREFIX == -* ]]; then
    _describe -o option options
  else
    if (( CURRENT == depth + 2 && \${#next} )); then _describe command next; fi
    if (( paths )); then _files; fi
  fi
}
if [[ \${funcstack[1]} == _modeltrail ]]; then _modeltrail "$@"; else compdef _modeltrail modeltrail; fi
`;
}

function fish(nodes: readonly CompletionNode[]): string {
  const lines = nodes.flatMap(({ words, next, options, takesFiles }) => {
    const typed = `complete -c modeltrail -n ${quoteFish(`__modeltrail_typed ${words}`.trim())}`;
    const within = words === '' ? typed : `complete -c modeltrail -n ${quoteFish(`__modeltrail_within ${words}`)}`;
    return [
      ...next.map(({ word, description }) => `${typed} -a ${word} -d ${quoteFish(description)}`),
      ...options.map(
        ({ name, value, description }) =>
          `${within} -l ${name.slice(2)}${FISH_VALUE[value]} -d ${quoteFish(description)}`,
      ),
      ...(takesFiles ? [`${within} -F`] : []),
    ];
  });
  return `# Completion of modeltrail for fish: modeltrail completion fish | source
function __modeltrail_typed
    set -l typed (commandline -opc)
    set -e typed[1]
    test "$typed" = "$argv"
end
function __modeltrail_within
    set -l typed (commandline -opc)
    set -e typed[1]
    contains -- -- $typed; and return 1
    set -l count (count $argv)
    test (count $typed) -ge $count; and test "$typed[1..$count]" = "$argv"
end
function __modeltrail_program
    contains -- -- (commandline -opc)
end
complete -c modeltrail -f
complete -c modeltrail -n __modeltrail_program -F
${lines.join('\n')}
`;
}

const FISH_VALUE = { none: '', file: ' -r -F', text: ' -x' } as const;

function namesOf(options: readonly CompletedOption[], value?: CompletedOption['value']): string {
  const asked = options.filter((option) => value === undefined || option.value === value);
  return asked.map(({ name }) => name).join(' ');
}

/** Patterns of `case`: every command of two words. */
function pairsOf(nodes: readonly CompletionNode[]): string {
  const pairs = nodes.filter(({ words }) => words.includes(' '));
  return pairs.map(({ words }) => quote(words)).join('|');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function quoteFish(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
