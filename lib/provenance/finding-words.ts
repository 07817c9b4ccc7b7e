import type { FindingKind } from './findings.ts';
import type { State } from './state.ts';

/** A kind of finding with what to do about it. */
export interface FindingWords extends State {
  readonly next: string;
}

export const FINDING: Readonly<Record<FindingKind, FindingWords>> = {
  'unexpected-signer': {
    tone: 'broken',
    word: 'Unexpected signer',
    meaning: 'A good signature by somebody whom the expectation does not name.',
    next: 'Ask the team whether it is theirs. If so, name the signer in the configuration; if not, warn who uses the model.',
  },
  'hash-mismatch': {
    tone: 'broken',
    word: 'Other files',
    meaning: 'Files were checked against what they should be, and are not.',
    next: 'Stop using the files there, and open the receipt: it names each that differs. Check again once they are replaced.',
  },
  'registered-mismatch': {
    tone: 'broken',
    word: 'Not as registered',
    meaning: 'Files go by the label of a registered version, and are others than its maker registered.',
    next: 'Ask the maker which files are right. Register changed files under a label of their own.',
  },
  'changed-signer': {
    tone: 'claimed',
    word: 'Signer changed',
    meaning: 'Another identity signed than for the version before.',
    next: 'Find out whether the change was meant, and write down who may sign.',
  },
  'changed-workflow': {
    tone: 'claimed',
    word: 'Workflow changed',
    meaning: 'Another workflow of the same repository signed than for the version before.',
    next: 'Look at the workflow at the commit that the certificate names.',
  },
  'lost-provenance': {
    tone: 'claimed',
    word: 'Provenance lost',
    meaning: 'No provenance whose signer counts, though there should be or was.',
    next: 'Ask for the provenance of this version; it may exist and not have been brought here.',
  },
  'partial-provenance': {
    tone: 'claimed',
    word: 'Provenance partial',
    meaning: 'The provenance states less than that of the version before.',
    next: 'Compare the two versions, and ask what became of the missing fields.',
  },
  'unsigned-version': {
    tone: 'broken',
    word: 'Unsigned version',
    meaning: 'Files of a model whose earlier versions were signed, signed by nobody.',
    next: 'Do not use it until its signature is shown.',
  },
  'broken-link': {
    tone: 'broken',
    word: 'Broken link',
    meaning:
      'A thing upstream is signed by nobody who should sign it, or what is stated of it contradicts what is proven.',
    next: 'Follow the thick line in the chain, and ask for the missing signature.',
  },
  'field-conflict': {
    tone: 'broken',
    word: 'Field in conflict',
    meaning: 'A payload says one thing, the certificate or the log another.',
    next: 'Believe the certificate and the log. Find out why the payload says otherwise.',
  },
};
