import { quote, TlogError } from './error.ts';
import { toHex } from './hex.ts';
import { isLogKey, parseVerifierKey } from './key.ts';
import type { LogPolicy, PolicyGroup } from './policy.ts';
import { MAX_POLICY_BYTES, type PolicyLine, splitPolicyLines } from './policy-lines.ts';
import { noblePrimitives, type SignaturePrimitives } from './primitives.ts';
import { parseDecimal } from './size.ts';

/** Limits of our own; the specification asks for 32 of each at least. */
export const MAX_POLICY_LOGS = 64;
export const MAX_POLICY_WITNESSES = 128;
export const MAX_POLICY_GROUPS = 128;

const NONE = 'none';

/**
 * Reads a policy file (C2SP tlog-policy, as of 2026): `log <vkey> [url]`, `witness <name> <vkey> [url]`,
 * `group <name> <k|any|all> <member>…` and one `quorum <name|none>`, in lines that each end in a newline. Stricter than
 * the specification in three points: names and URLs are UTF-8, URLs are absolute, and no log is its own witness.
 *
 * Throws `bad-policy`, with the line and how to mend it.
 */
export function parsePolicy(bytes: Uint8Array, primitives: SignaturePrimitives = noblePrimitives): LogPolicy {
  if (bytes.length > MAX_POLICY_BYTES) {
    throw new TlogError('bad-policy', `A policy has at most ${MAX_POLICY_BYTES} bytes, this one has ${bytes.length}`);
  }
  const reader = new PolicyReader(primitives);
  for (const line of splitPolicyLines(bytes)) reader.read(line);
  return reader.finish();
}

class PolicyReader {
  readonly #primitives: SignaturePrimitives;
  readonly #logs: LogPolicy['logs'][number][] = [];
  readonly #witnesses: LogPolicy['witnesses'][number][] = [];
  readonly #groups: PolicyGroup[] = [];
  /** Where each name was defined, and where it became a member; the same for keys, by their bytes. */
  readonly #defined = new Map<string, number>();
  readonly #members = new Map<string, number>();
  readonly #keys = new Map<string, { readonly line: number; readonly of: 'log' | 'witness' }>();
  #quorum: { readonly name: string | null; readonly line: number } | undefined;

  constructor(primitives: SignaturePrimitives) {
    this.#primitives = primitives;
  }

  read(line: PolicyLine): void {
    switch (line.keyword) {
      case 'log':
        this.#log(line);
        break;
      case 'witness':
        this.#witness(line);
        break;
      case 'group':
        this.#group(line);
        break;
      case 'quorum':
        this.#setQuorum(line);
        break;
      default:
        throw bad(
          line,
          `${quote(line.keyword)} is no keyword; there are log, witness, group, quorum, and # for comments`,
        );
    }
  }

  finish(): LogPolicy {
    if (this.#quorum === undefined) {
      throw new TlogError('bad-policy', 'The policy has no quorum line; end it with "quorum <name>", or "quorum none"');
    }
    return { logs: this.#logs, witnesses: this.#witnesses, groups: this.#groups, quorum: this.#quorum.name };
  }

  #log(line: PolicyLine): void {
    const [vkey, url] = takeItems(line, 1, 2, 'log <vkey> [<url>]');
    const verifier = this.#readKey(line, vkey);
    if (verifier.kind === 'cosignature') {
      throw bad(line, "this is a witness's key (type 0x04); give the key that the log itself signs with");
    }
    this.#addKey(line, 'log', verifier.publicKey);
    refuseMoreThan(MAX_POLICY_LOGS, this.#logs.length, line, 'logs');
    this.#logs.push({ verifier, url: readUrl(line, url) });
  }

  #witness(line: PolicyLine): void {
    const [name, vkey, url] = takeItems(line, 2, 3, 'witness <name> <vkey> [<url>]');
    const verifier = this.#readKey(line, vkey);
    if (isLogKey(verifier)) {
      throw bad(line, "this is a log's key; a witness has a cosignature key (type 0x04 or 0x06)");
    }
    this.#define(line, name);
    this.#addKey(line, 'witness', verifier.publicKey);
    refuseMoreThan(MAX_POLICY_WITNESSES, this.#witnesses.length, line, 'witnesses');
    this.#witnesses.push({ name, verifier, url: readUrl(line, url) });
  }

  #group(line: PolicyLine): void {
    const [name, typed, ...members] = takeItems(line, 3, Infinity, 'group <name> <k|any|all> <member>…');
    for (const member of members) this.#addMember(line, member);
    // Only now, so that no group is a member of itself.
    this.#define(line, name);
    refuseMoreThan(MAX_POLICY_GROUPS, this.#groups.length, line, 'groups');
    const threshold = typed === 'any' ? 1 : typed === 'all' ? members.length : parseDecimal(typed);
    if (threshold === undefined || threshold < 1 || threshold > members.length) {
      throw bad(line, `${quote(typed)} of ${members.length} members; write any, all, or 1 to ${members.length}`);
    }
    this.#groups.push({ name, threshold, members });
  }

  #setQuorum(line: PolicyLine): void {
    const [name] = takeItems(line, 1, 1, 'quorum <name>');
    if (this.#quorum !== undefined) {
      throw bad(line, `line ${this.#quorum.line} has a quorum already; leave one of the two`);
    }
    if (name !== NONE) this.#expectDefined(line, name);
    this.#quorum = { name: name === NONE ? null : name, line: line.number };
  }

  #addMember(line: PolicyLine, member: string): void {
    if (member === NONE) throw bad(line, '"none" is for the quorum alone, and no member of a group');
    this.#expectDefined(line, member);
    const earlier = this.#members.get(member);
    if (earlier !== undefined) {
      throw bad(line, `${quote(member)} is a member in line ${earlier} already; each name counts in one place only`);
    }
    this.#members.set(member, line.number);
  }

  #expectDefined(line: PolicyLine, name: string): void {
    if (this.#defined.has(name)) return;
    throw bad(line, `no witness or group before it has the name ${quote(name)}; define it in a line above`);
  }

  #define(line: PolicyLine, name: string): void {
    if (name === NONE) throw bad(line, '"none" stands for no quorum; choose another name');
    const earlier = this.#defined.get(name);
    if (earlier !== undefined) throw bad(line, `line ${earlier} defines ${quote(name)} already; choose another name`);
    this.#defined.set(name, line.number);
  }

  #addKey(line: PolicyLine, of: 'log' | 'witness', publicKey: Uint8Array): void {
    const key = toHex(publicKey);
    const earlier = this.#keys.get(key);
    if (earlier === undefined) {
      this.#keys.set(key, { line: line.number, of });
    } else if (earlier.of === of) {
      throw bad(line, `line ${earlier.line} has the same public key; one ${of} is one line`);
    } else {
      throw bad(line, `line ${earlier.line} has the same public key for a ${earlier.of}; a log cannot witness itself`);
    }
  }

  #readKey(line: PolicyLine, vkey: string) {
    try {
      return parseVerifierKey(vkey, this.#primitives);
    } catch (cause) {
      if (!(cause instanceof TlogError)) throw cause;
      throw new TlogError('bad-policy', `Line ${line.number}: ${cause.message}`, { cause });
    }
  }
}

/** The items behind the keyword; the first two are empty where they are left out. No item of a line is empty. */
function takeItems(line: PolicyLine, least: number, most: number, form: string): [string, string, ...string[]] {
  const { length } = line.items;
  if (length < least || length > most) {
    throw bad(line, `${length} items stand behind ${quote(line.keyword)}; the form is: ${form}`);
  }
  const [first = '', second = '', ...rest] = line.items;
  return [first, second, ...rest];
}

function readUrl(line: PolicyLine, url = ''): string | null {
  if (url === '') return null;
  if (!URL.canParse(url)) throw bad(line, `${quote(url)} is no URL; write it in full, as https://witness.example/`);
  return url;
}

function refuseMoreThan(most: number, present: number, line: PolicyLine, what: string): void {
  if (present >= most) throw bad(line, `more than ${most} ${what}; split the policy`);
}

function bad(line: PolicyLine, problem: string): TlogError {
  return new TlogError('bad-policy', `Line ${line.number}: ${problem}`);
}
