import { createPublicKey } from 'node:crypto';
import { MintedLog } from '#test/support/minted-log.ts';
import { failure, type Misbehaviour, PROVED, type ShownTree } from './misbehaviour.ts';
import { noise } from './noise.ts';
import { signedText, textOf } from './sign.ts';

/** Signed with the log's own key: other entries from `from` on. */
export function forkOf(log: MintedLog, from: number, size: number): MintedLog {
  const publicKey = createPublicKey(log.privateKey);
  const fork = new MintedLog(log.origin, { privateKey: log.privateKey, publicKey });
  return fork.add(...log.entries.slice(0, from), ...noise('rewritten', size - from));
}

const EARLY = 300;
/** Smaller than what is held, in every scene. */
const SMALLER = 400;
const IMMENSE = Number.MAX_SAFE_INTEGER;
const NOT_SHOWN = { status: 404 };

/** Other trees than the honest one, each with good signatures of the log's own key. */
export const TREES: readonly Misbehaviour[] = [
  {
    name: 'fork',
    does: 'signs a larger tree that does not continue the one before',
    ...PROVED,
    begin: ({ log }) => showing(forkOf(log, EARLY, log.size)),
  },
  {
    name: 'fork-of-one-entry',
    does: 'signs a larger tree in which one old entry is another',
    ...PROVED,
    begin: ({ log }) => {
      const [entry = Buffer.alloc(0)] = noise('rewritten', 1);
      const publicKey = createPublicKey(log.privateKey);
      const fork = new MintedLog(log.origin, { privateKey: log.privateKey, publicKey });
      return showing(fork.add(...log.entries.slice(0, 10), entry, ...log.entries.slice(11)));
    },
  },
  {
    name: 'same-size-other-root',
    does: 'signs a second root for the size that is held',
    ...PROVED,
    begin: ({ log, held }) => showing(forkOf(log, EARLY, held)),
  },
  {
    name: 'rollback',
    does: 'goes back to an older state of its tree',
    ...failure('smaller-tree'),
    begin: () => ({ shows: ({ log }) => ({ log, size: SMALLER }) }),
  },
  {
    name: 'rollback-to-fork',
    does: 'goes back to a smaller tree that never was, and shows no tiles of the one before',
    fault: { code: 'smaller-tree', severity: 'failure' },
    afterwards: 'frozen',
    begin: ({ log }) => showing(forkOf(log, EARLY, SMALLER)),
  },
  {
    name: 'rollback-to-fork-beside-old-tiles',
    does: 'signs a smaller tree that never was, while its tiles are those of the one before',
    ...PROVED,
    begin: ({ log }) => {
      const fork = forkOf(log, EARLY, SMALLER);
      return { signs: () => fork.checkpoint() };
    },
  },
  {
    name: 'equivocation',
    does: 'shows one tree and another of the same size in turn, from one request to the next',
    ...PROVED,
    lead: 1,
    begin: ({ log }) => {
      const fork = forkOf(log, EARLY, log.size);
      return { shows: (honest, { round }) => (round % 2 === 1 ? honest : { log: fork, size: fork.size }) };
    },
  },
  {
    name: 'fork-after-withheld-entries',
    does: 'signs a tree whose entries it withholds, then another',
    ...PROVED,
    lead: 1,
    begin: ({ log, held }) => {
      const fork = forkOf(log, held + 10, log.size);
      return {
        shows: (honest, { round }) => (round === 1 ? { log: fork, size: fork.size - 50 } : honest),
        replies: ({ resource, round }) => (resource === 'entries' && round === 1 ? NOT_SHOWN : undefined),
      };
    },
  },
  {
    name: 'fork-after-withheld-tiles',
    does: 'signs a tree of which it shows nothing at all, then another',
    ...PROVED,
    lead: 1,
    begin: ({ log, held }) => {
      const fork = forkOf(log, held + 10, log.size);
      return {
        shows: (honest, { round }) => (round === 1 ? { log: fork, size: fork.size - 50 } : honest),
        replies: ({ resource, round }) => (resource !== 'head' && round === 1 ? NOT_SHOWN : undefined),
      };
    },
  },
  {
    name: 'growth-after-frozen',
    does: 'grows after it had signed that it ends',
    ...PROVED,
    lead: 1,
    begin: () => {
      const ending = ({ size }: ShownTree, round: number) => (round === 1 ? size - 100 : size);
      return {
        shows: (honest, { round }) => ({ ...honest, size: ending(honest, round) }),
        signs: ({ log, size }, round) =>
          signedText(log, textOf(log, size, round === 1 ? ['Log frozen — 2026-01-01T00:00:00Z'] : [])),
      };
    },
  },
  {
    name: 'root-of-another-tree',
    does: 'signs its size with the root of another tree, for which it has no tiles',
    fault: { code: 'root-mismatch', severity: 'failure' },
    afterwards: 'frozen',
    begin: () => ({ signs: ({ log, size }) => log.checkpoint(size, { root: log.root(size - 1) }) }),
  },
  {
    name: 'immense-tree',
    does: 'signs a tree of 2^53 - 1 entries, and has nothing of it',
    fault: { code: 'not-found', severity: 'failure' },
    afterwards: 'doubted',
    begin: () => ({ signs: ({ log }) => log.checkpoint(IMMENSE, { root: log.root(1) }) }),
  },
  {
    name: 'expired-key',
    does: 'grows, signed with a key whose validity by the trust root is over',
    ...failure('expired-key'),
    isKeyExpired: true,
    begin: () => ({}),
  },
  {
    name: 'stale-for-ever',
    does: 'answers with the same old checkpoint for ever, though it has grown',
    fault: null,
    holds: 'no fault: its last contact moves, its newest head does not',
    afterwards: 'caught-up',
    begin: ({ held }) => ({ shows: ({ log }) => ({ log, size: held }) }),
  },
];

function showing(log: MintedLog) {
  return { shows: () => ({ log, size: log.size }) };
}
