import type { AlertKind, AlertSeverity } from './alert-kind.ts';
import type { State, Tone } from './state.ts';

/** What there is to say of every alert of a kind. Our own words alone: messages may set them as they are. */
export interface AlertWords {
  /** Its name in lists. */
  readonly word: string;
  readonly tone: Tone;
  /** How grave it is where the configuration does not say. */
  readonly severity: AlertSeverity;
  /** What such an alert means. */
  readonly what: string;
  readonly how: string;
  readonly next: string;
}

export const ALERT: Readonly<Record<AlertKind, AlertWords>> = {
  'unclaimed-signing': {
    word: 'Unclaimed signing',
    tone: 'claimed',
    severity: 'high',
    what: 'An own identity signed what nobody has shown.',
    how: 'The certificate is genuine and the entry is in the log, but no bundle here says what was signed.',
    next: 'Ask who holds the identity, and bring the bundle here. If nobody knows of it, the identity is in other hands.',
  },
  'unexpected-signing': {
    word: 'Undeclared signing',
    tone: 'broken',
    severity: 'high',
    what: 'An own identity signed what nobody had declared.',
    how: 'The certificate is genuine and the entry is in the log, but no declared signing accounts for it.',
    next: 'Ask who holds the identity. If it was meant, declare it (modeltrail expect); if nobody knows of it, the identity is in other hands.',
  },
  'unexpected-signer': {
    word: 'Unexpected signer',
    tone: 'broken',
    severity: 'high',
    what: 'A model is signed by somebody who is not expected to sign it.',
    how: 'The signature verifies; the configuration, or the version before, names another signer.',
    next: 'Ask the owners of the model. If it was meant, name the signer under models; else treat the version as an attack.',
  },
  'unexpected-issuer': {
    word: 'New issuer',
    tone: 'broken',
    severity: 'high',
    what: 'An own rule is met through an issuer that it was never met through before.',
    how: 'The certificate is genuine and names another OpenID Connect issuer than all those seen by this rule before.',
    next: 'An address at another issuer is somebody else. If it is yours, name its issuer in the rule; else warn who installs what you sign.',
  },
  'unexpected-workflow': {
    word: 'New workflow',
    tone: 'broken',
    severity: 'medium',
    what: 'A workflow signed that never signed there before.',
    how: 'The certificates name the workflow of this signature and those of the ones before.',
    next: 'Look at the workflow at the commit that the certificate names: whoever may write one into the repository may sign by it.',
  },
  impersonation: {
    word: 'Impersonation',
    tone: 'broken',
    severity: 'high',
    what: 'Somebody published a certificate with a watched name that proves nothing.',
    how: 'No trusted authority stands behind the certificate, or its key did not make the signature.',
    next: 'Find out who does it. Anybody can write such an entry; nothing signed so should be trusted.',
  },
  'look-alike': {
    word: 'Look-alike',
    tone: 'broken',
    severity: 'high',
    what: 'A signer has a name that looks like one that is watched.',
    how: 'With letters that look alike made the same, and invisible ones left out, the names are equal.',
    next: 'Compare them character by character. If it is a stranger, warn those who install what you sign.',
  },
  'undecided-entry': {
    word: 'Unreadable entry',
    tone: 'unknown',
    severity: 'medium',
    what: 'An entry that cannot be read holds a string that is watched for.',
    how: 'It is of a kind or form that this version does not know; the string stands in its bytes.',
    next: 'Look at the bytes. A newer Modeltrail tries such entries again by itself.',
  },
  'hash-mismatch': {
    word: 'Other files',
    tone: 'broken',
    severity: 'high',
    what: 'Files are not what they should be.',
    how: 'Their hashes were compared with those that were signed or registered.',
    next: 'Stop using the files at that place; the page names each that differs.',
  },
  'lost-provenance': {
    word: 'Provenance lost',
    tone: 'claimed',
    severity: 'medium',
    what: 'A version of a model lacks what the version before had.',
    how: 'No signature or statement of origin is known for it whose signer counts, or it states less.',
    next: 'Ask for it. A version made by hand, outside of the pipeline, looks like this.',
  },
  'field-conflict': {
    word: 'Field in conflict',
    tone: 'broken',
    severity: 'medium',
    what: 'A statement of provenance contradicts the certificate that it was signed with.',
    how: 'The payload names another commit, run, signer or time than certificate and log prove.',
    next: 'Ask who runs the pipeline: it was mended by hand, or its statements are not its own.',
  },
  'broken-link': {
    word: 'Broken link',
    tone: 'broken',
    severity: 'medium',
    what: 'The chain of a model is broken upstream.',
    how: 'A thing that went into it is signed by nobody who should have, or statements contradict each other.',
    next: 'Open the chain: it shows the link. A signature over the same files mends it, even a late one.',
  },
  'mended-link': {
    word: 'Mended link',
    tone: 'proven',
    severity: 'low',
    what: 'A chain that was broken is whole again.',
    how: 'All that went into the model was judged again, and nothing speaks against it any more.',
    next: 'Look at what mended it, and whether it is what you asked for.',
  },
  'log-misbehaviour': {
    word: 'Log misbehaviour',
    tone: 'broken',
    severity: 'critical',
    what: 'A transparency log contradicted itself, and is frozen.',
    how: 'What it signed at different times, or gave to others, cannot all be true. The evidence is kept.',
    next: 'Download the evidence from the page of the log, check it with modeltrail log check-evidence, and tell the operator of the log.',
  },
  'log-silence': {
    word: 'Log silent',
    tone: 'unknown',
    severity: 'high',
    what: 'A log gives no fresh answer: what is signed there now is not seen.',
    how: 'No good head was had for longer than its freshness allows, or a part of it was not looked at.',
    next: 'Check the network, the address and the status of the log.',
  },
  'stale-trust-root': {
    word: 'Stale trust root',
    tone: 'unknown',
    severity: 'high',
    what: 'The keys that are believed here may be old.',
    how: 'The trust root was not refreshed for too long, its metadata ran out, or it lacks a log that is in use.',
    next: 'Let the jobs reach the TUF mirror; their log file says why they do not.',
  },
  'refused-deployment': {
    word: 'Refused deployment',
    tone: 'broken',
    severity: 'high',
    what: 'A version that is registered as deployed does not verify.',
    how: 'It was judged by the expectations and incidents that are in force now.',
    next: 'Take it out of use there, or find out what it lacks.',
  },
  'failing-source': {
    word: 'Failing source',
    tone: 'unknown',
    severity: 'medium',
    what: 'A source cannot be read: what is published there since is not known here.',
    how: 'Looks at it fail; it is tried again by itself, at growing intervals.',
    next: 'Check its address, the network and the credentials.',
  },
  'failing-jobs': {
    word: 'Failing job',
    tone: 'unknown',
    severity: 'medium',
    what: 'Something that Modeltrail needs to work does not.',
    how: 'A check of its own health fails.',
    next: 'The page says what to do; the log file of the jobs says more.',
  },
  'failing-channel': {
    word: 'Failing channel',
    tone: 'unknown',
    severity: 'high',
    what: 'A message could not be delivered, and was given up: somebody was not told.',
    how: 'All attempts to send it failed.',
    next: 'Mend the channel, send a test, and read on the page of alerts what was missed.',
  },
  'unused-certificate': {
    word: 'Unused certificate',
    tone: 'broken',
    severity: 'high',
    what: 'An own identity has a certificate that signed nothing published.',
    how: 'A certificate log proves that it was issued, and no log that we read has an entry of it in time.',
    next: 'Ask who holds the identity. A job that failed between certificate and entry is harmless; if nobody knows of it, somebody else got a token.',
  },
  'missing-certificate': {
    word: 'Missing certificate',
    tone: 'broken',
    severity: 'high',
    what: 'A certificate is not in the certificate log that promised to hold it.',
    how: 'The log signed a promise to hold it, and signed later a tree that, by its own word, does not have it.',
    next: 'Keep the entry and the log’s tree head, and ask the operator of the log: it is late, or it hides a certificate.',
  },
  'incident-opened': {
    word: 'Incident opened',
    tone: 'broken',
    severity: 'high',
    what: 'An incident was opened.',
    how: 'Somebody decided so; its page says who, and what it reaches.',
    next: 'Open the incident: it lists what is affected, what is deployed first.',
  },
  'incident-joined': {
    word: 'Joined an incident',
    tone: 'broken',
    severity: 'high',
    what: 'Something new fell into the scope of an open incident.',
    how: 'It was seen after the incident was opened, and its scope reaches it.',
    next: 'Open the incident, and decide whether it is affected.',
  },
  retraction: {
    word: 'Retraction',
    tone: 'broken',
    severity: 'high',
    what: 'A version of a model was retracted.',
    how: 'A signed statement of somebody whose word counts takes it back.',
    next: 'Take the version out of use.',
  },
};

/** How a severity is drawn. The tone says whether to act, its word how soon. */
export const SEVERITY: Readonly<Record<AlertSeverity, State>> = {
  low: { tone: 'unknown', word: 'Low', meaning: 'Good to know.' },
  medium: { tone: 'claimed', word: 'Medium', meaning: 'Somebody should look at it in the next days.' },
  high: { tone: 'broken', word: 'High', meaning: 'Somebody should look at it today.' },
  critical: { tone: 'broken', word: 'Critical', meaning: 'Somebody should look at it now.' },
};

export type AlertState = 'new' | 'acknowledged' | 'muted' | 'resolved';

export const ALERT_STATE: Readonly<Record<AlertState, State>> = {
  new: { tone: 'broken', word: 'New', meaning: 'Nobody has said yet that they look after it.' },
  acknowledged: {
    tone: 'claimed',
    word: 'Acknowledged',
    meaning: 'Somebody looks after it. It is told again only if it becomes graver.',
  },
  muted: { tone: 'unknown', word: 'Muted', meaning: 'It stays silent until its time is over, then it is new again.' },
  resolved: {
    tone: 'proven',
    word: 'Resolved',
    meaning: 'Its cause is gone, or somebody settled it. Should it come again, it is new.',
  },
};
