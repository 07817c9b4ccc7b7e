import { formatCount, formatUtc } from './format.ts';
import type { Criterion, Scope } from './scope.ts';
import { elideMiddle, showText } from './untrusted-text.ts';

const MAX_SHOWN = 160;

/** A scope in one sentence, without its full stop: for pages, reports and the audit. Safe to show. */
export function describeScope(scope: Scope): string {
  return `Everything ${phrase(scope)}`;
}

function phrase(scope: Scope): string {
  if ('is' in scope) return describeCriterion(scope.is);
  const [parts, word] = 'all' in scope ? [scope.all, ' and '] : [scope.any, ' or '];
  return parts.map((part) => (isJoin(part) && parts.length > 1 ? `(${phrase(part)})` : phrase(part))).join(word);
}

const isJoin = (scope: Scope) => !('is' in scope) && ('all' in scope ? scope.all : scope.any).length > 1;

/** One criterion, as it goes on after "everything". */
export function describeCriterion(criterion: Criterion): string {
  switch (criterion.kind) {
    case 'dataset':
      return `made from the data set ${shown(criterion.alias)}`;
    case 'base-model':
      return `that is or is made from the model ${shown(criterion.alias)}`;
    case 'commit':
      return `built from commit ${criterion.commit}`;
    case 'repository':
      return `built by or from the repository ${shown(criterion.repository)}`;
    case 'workflow':
      return `built by the workflow ${shown(criterion.workflow)}`;
    case 'builder':
      return `built by ${shown(criterion.builder)}`;
    case 'identity':
      return `signed by ${shown(criterion.identity)}${criterion.issuer === undefined ? '' : ` through ${shown(criterion.issuer)}`}`;
    case 'key':
      return `signed with the key or certificate sha256:${criterion.fingerprint}`;
    case 'file':
      return `with the file ${criterion.digest}`;
    case 'log-range':
      return `signed in entries ${formatCount(criterion.from)} to ${formatCount(criterion.to - 1)} of ${shown(criterion.origin)}`;
    case 'window':
      return describeWindow(criterion);
  }
}

function describeWindow({ from, to }: { readonly from: number | null; readonly to: number | null }): string {
  if (from === null) return `signed up to ${formatUtc(to ?? 0)}`;
  return to === null ? `signed since ${formatUtc(from)}` : `signed from ${formatUtc(from)} to ${formatUtc(to)}`;
}

function shown(text: string): string {
  return elideMiddle(showText(text), MAX_SHOWN);
}
