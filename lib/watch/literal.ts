const QUANTIFIER = /(?:[*?+]|\{\d+(?:,\d*)?\})[?+]?/y;
const LONG_ESCAPE = /\\(?:[pP]\{[^}]*\}|x\{[^}]*\}|x[0-9A-Fa-f]{2}|[pP].|[0-7]{1,3})/y;

/** The longest run of characters that every match of the glob contains, '' if there is none. */
export function globLiteral(glob: string): string {
  return longest(glob.split(/[*?]+/));
}

/**
 * The longest run of ASCII characters that every match of the RE2 pattern contains, but for upper and lower case;
 * '' where none is certain. Groups, classes and letters behind a backslash count as gaps, and an alternation outside
 * of groups leaves nothing certain. The pattern must have been compiled before: only valid ones are read rightly.
 */
export function patternLiteral(pattern: string): string {
  const runs: string[] = [];
  let run = '';
  for (let at = 0; at < pattern.length; ) {
    if (pattern[at] === '|') return '';
    const end = tokenEnd(pattern, at);
    const next = quantifierEnd(pattern, end);
    const literal = tokenLiteral(pattern.slice(at, end));
    // A quantified character may be absent, or stand more than once: it is part of no run.
    if (literal !== null && next === end) {
      run += literal;
    } else {
      runs.push(run);
      run = '';
    }
    at = next;
  }
  return longest([...runs, run]);
}

/** What one token stands for if it is a single, certain character. */
function tokenLiteral(token: string): string | null {
  if (/^[^.^$([\\]$/.test(token)) return token <= '~' ? token : null;
  return /^\\[!-/:-@[-`{-~]$/.test(token) ? token.slice(1) : null;
}

function tokenEnd(pattern: string, at: number): number {
  if (pattern[at] === '(') return groupEnd(pattern, at);
  if (pattern[at] === '[') return classEnd(pattern, at);
  if (pattern[at] === '\\') return escapeEnd(pattern, at);
  return at + 1;
}

function escapeEnd(pattern: string, at: number): number {
  if (pattern.startsWith('\\Q', at)) {
    const end = pattern.indexOf('\\E', at);
    return end === -1 ? pattern.length : end + 2;
  }
  LONG_ESCAPE.lastIndex = at;
  return LONG_ESCAPE.test(pattern) ? LONG_ESCAPE.lastIndex : at + 2;
}

/** Behind the parenthesis that closes the group; a flag group such as `(?i)` is one too. */
function groupEnd(pattern: string, start: number): number {
  for (let at = start + 1; at < pattern.length; at = tokenEnd(pattern, at)) {
    if (pattern[at] === ')') return at + 1;
  }
  return pattern.length;
}

/** Behind the bracket that closes the class: not one that is its first member, nor one of `[:alpha:]` within. */
function classEnd(pattern: string, start: number): number {
  let at = start + (pattern[start + 1] === '^' ? 2 : 1);
  if (pattern[at] === ']') at++;
  while (at < pattern.length && pattern[at] !== ']') {
    if (pattern.startsWith('[:', at) && pattern.includes(':]', at)) at = pattern.indexOf(':]', at) + 2;
    else at = pattern[at] === '\\' ? escapeEnd(pattern, at) : at + 1;
  }
  return at + 1;
}

function quantifierEnd(pattern: string, at: number): number {
  QUANTIFIER.lastIndex = at;
  return QUANTIFIER.test(pattern) ? QUANTIFIER.lastIndex : at;
}

function longest(runs: readonly string[]): string {
  return runs.reduce((best, run) => (run.length > best.length ? run : best), '');
}
