import type { CliCommand } from './command.ts';

export interface ListedCommand {
  /** Its name of one word or two, then its arguments. */
  readonly usage: string;
  readonly description: string;
  /** Only the command that is run is loaded: a verification needs no database. */
  load(): Promise<CliCommand>;
}

/** Every command, in the order of the help: main.ts runs them, completion-script.ts writes them out for shells. */
export const COMMANDS: readonly ListedCommand[] = [
  {
    usage: 'status',
    description: 'Say how far each log is verified, and what needs somebody',
    load: () => import('./commands/status.ts').then(({ status }) => status),
  },
  {
    usage: 'ingest [...files]',
    description: 'Take bundles into the database, or hand them to a server',
    load: () => import('./commands/ingest.ts').then(({ ingest }) => ingest),
  },
  {
    usage: 'token create <name>',
    description: 'Make a token of the API, and print it this once',
    load: () => import('./commands/token-create.ts').then(({ tokenCreate }) => tokenCreate),
  },
  {
    usage: 'token list',
    description: 'List the tokens of the API with what they may do',
    load: () => import('./commands/token-list.ts').then(({ tokenList }) => tokenList),
  },
  {
    usage: 'token revoke <name>',
    description: 'Take a token out of use',
    load: () => import('./commands/token-revoke.ts').then(({ tokenRevoke }) => tokenRevoke),
  },
  {
    usage: 'share publish <model>',
    description: 'Make a model or one of its versions public, or change what its page shows',
    load: () => import('./commands/share-publish.ts').then(({ sharePublish }) => sharePublish),
  },
  {
    usage: 'share withdraw <slug>',
    description: 'Take a public page back',
    load: () => import('./commands/share-withdraw.ts').then(({ shareWithdraw }) => shareWithdraw),
  },
  {
    usage: 'share link <model>',
    description: 'Make an unlisted link that runs out, and print it this once',
    load: () => import('./commands/share-link.ts').then(({ shareLink }) => shareLink),
  },
  {
    usage: 'alert list',
    description: 'List alerts, those that came last first',
    load: () => import('./commands/alert-list.ts').then(({ alertList }) => alertList),
  },
  {
    usage: 'alert acknowledge <...ids>',
    description: 'Say that somebody looks after alerts',
    load: () => import('./commands/alert-change.ts').then(({ alertAcknowledge }) => alertAcknowledge),
  },
  {
    usage: 'alert mute <...ids>',
    description: 'Keep alerts silent until a time',
    load: () => import('./commands/alert-change.ts').then(({ alertMute }) => alertMute),
  },
  {
    usage: 'alert resolve <...ids>',
    description: 'Say that alerts are settled',
    load: () => import('./commands/alert-change.ts').then(({ alertResolve }) => alertResolve),
  },
  {
    usage: 'alert resend <...messages>',
    description: 'Send messages again that were given up',
    load: () => import('./commands/alert-resend.ts').then(({ alertResend }) => alertResend),
  },
  {
    usage: 'alert test <channel>',
    description: 'Send a test through a channel, and say what became of it',
    load: () => import('./commands/alert-test.ts').then(({ alertTest }) => alertTest),
  },
  {
    usage: 'user list',
    description: 'List who may sign in, with their roles',
    load: () => import('./commands/user-list.ts').then(({ userList }) => userList),
  },
  {
    usage: 'user invite <login>',
    description: 'Invite somebody, and print the link this once',
    load: () => import('./commands/user-invite.ts').then(({ userInvite }) => userInvite),
  },
  {
    usage: 'user reset <login>',
    description: 'Let somebody set a new password, and print the link this once',
    load: () => import('./commands/user-reset.ts').then(({ userReset }) => userReset),
  },
  {
    usage: 'user role <login> <role>',
    description: 'Give somebody another role',
    load: () => import('./commands/user-role.ts').then(({ userRole }) => userRole),
  },
  {
    usage: 'user disable <login>',
    description: 'Keep somebody out, from their next request on',
    load: () => import('./commands/user-disable.ts').then(({ userDisable }) => userDisable),
  },
  {
    usage: 'user setup-code',
    description: 'Print a code that makes the first admin',
    load: () => import('./commands/user-setup-code.ts').then(({ userSetupCode }) => userSetupCode),
  },
  {
    usage: 'log thaw <origin>',
    description: 'Follow a log again that was frozen for contradicting itself',
    load: () => import('./commands/log-thaw.ts').then(({ logThaw }) => logThaw),
  },
  {
    usage: 'config check [file]',
    description: 'Check a configuration, and print what it comes to',
    load: () => import('./commands/config-check.ts').then(({ configCheck }) => configCheck),
  },
  {
    usage: 'config schema',
    description: 'Print the JSON Schema of modeltrail.yaml, for editors',
    load: () => import('./commands/config-schema.ts').then(({ configSchema }) => configSchema),
  },
  {
    usage: 'settings list [section]',
    description: 'List what can be set beside the file, and where each item is set',
    load: () => import('./commands/settings-list.ts').then(({ settingsList }) => settingsList),
  },
  {
    usage: 'settings set <section> <name>',
    description: 'Add an item to the configuration beside the file, or change one that was added so',
    load: () => import('./commands/settings-set.ts').then(({ settingsSet }) => settingsSet),
  },
  {
    usage: 'settings remove <section> <name>',
    description: 'Remove or switch off an item that was added beside the file',
    load: () => import('./commands/settings-remove.ts').then(({ settingsRemove }) => settingsRemove),
  },
  {
    usage: 'settings export [section]',
    description: 'Print what was added beside the file as YAML, to be pasted into it',
    load: () => import('./commands/settings-export.ts').then(({ settingsExport }) => settingsExport),
  },
  {
    usage: 'hash [...paths]',
    description: 'Hash the files of a model, or hold them against a list of hashes',
    load: () => import('./commands/hash.ts').then(({ hash }) => hash),
  },
  {
    usage: 'sign <path>',
    description: 'Sign a model: its files, as model_signing does',
    load: () => import('./commands/sign.ts').then(({ sign }) => sign),
  },
  {
    usage: 'attest <path>',
    description: 'State and sign where a model comes from: the nine fields, as SLSA provenance',
    load: () => import('./commands/attest.ts').then(({ attest }) => attest),
  },
  {
    usage: 'retract [...paths]',
    description: 'Withdraw a version by a signed statement, with the reason',
    load: () => import('./commands/retract.ts').then(({ retract }) => retract),
  },
  {
    usage: 'verify [...paths]',
    description: 'Verify a model with its signature, or by asking a Modeltrail what its files are',
    load: () => import('./commands/verify.ts').then(({ verify }) => verify),
  },
  {
    usage: 'run',
    description: 'Start a program only if the model that it loads verifies',
    load: () => import('./commands/run.ts').then(({ run }) => run),
  },
  {
    usage: 'deployed <environment> <service>',
    description: 'Tell a server what runs where, and hear whether it should',
    load: () => import('./commands/deployed.ts').then(({ deployed }) => deployed),
  },
  {
    usage: 'expect',
    description: 'Declare a signing before it happens, so that it is no alarm',
    load: () => import('./commands/expect.ts').then(({ expect }) => expect),
  },
  {
    usage: 'register [...paths]',
    description: 'Keep the hashes of a version before anybody signs it',
    load: () => import('./commands/register.ts').then(({ register }) => register),
  },
  {
    usage: 'lookup <what>',
    description: 'Say what is known of a digest, a name, an identity, an id or a file',
    load: () => import('./commands/lookup.ts').then(({ lookup }) => lookup),
  },
  {
    usage: 'level <model>',
    description: 'Say which level of provenance a version reaches, and what is missing for the next',
    load: () => import('./commands/level.ts').then(({ level }) => level),
  },
  {
    usage: 'export <model>',
    description: 'Write the evidence of a model into a folder, to be verified without Modeltrail',
    load: () => import('./commands/export.ts').then(({ exportModel }) => exportModel),
  },
  {
    usage: 'incident export <id>',
    description: 'Write the evidence of an incident into one archive, to be verified without Modeltrail',
    load: () => import('./commands/incident-export.ts').then(({ incidentExport }) => incidentExport),
  },
  {
    usage: 'incident verify <archive>',
    description: "Verify an incident's archive offline, from its bytes alone",
    load: () => import('./commands/incident-verify.ts').then(({ incidentVerify }) => incidentVerify),
  },
  {
    usage: 'log list',
    description: 'List the logs that are followed, with how far each is verified',
    load: () => import('./commands/log-list.ts').then(({ logList }) => logList),
  },
  {
    usage: 'log entry <origin> <index>',
    description: 'Print a kept entry with its proof, verified again',
    load: () => import('./commands/log-entry.ts').then(({ logEntry }) => logEntry),
  },
  {
    usage: 'log search-back <origin>',
    description: 'Search the past of a log, or what a late watch rule has not seen; or stop that',
    load: () => import('./commands/log-search-back.ts').then(({ logSearchBack }) => logSearchBack),
  },
  {
    usage: 'log check-evidence <file>',
    description: 'Check offline whether a file of evidence proves that a log contradicted itself',
    load: () => import('./commands/log-check-evidence.ts').then(({ logCheckEvidence }) => logCheckEvidence),
  },
  {
    usage: 'log check-mirror <origin>',
    description: 'Read the mirror of a log on disk again, and say which files are wrong',
    load: () => import('./commands/log-check-mirror.ts').then(({ logCheckMirror }) => logCheckMirror),
  },
  {
    usage: 'bundle verify <file>',
    description: 'Verify a Sigstore bundle offline, and print every check',
    load: () => import('./commands/bundle-verify.ts').then(({ bundleVerify }) => bundleVerify),
  },
  {
    usage: 'proof verify',
    description: "Verify that an entry is in a log, from the files of an event's page alone",
    load: () => import('./commands/proof-verify.ts').then(({ proofVerify }) => proofVerify),
  },
  {
    usage: 'trainlog append <file>',
    description: 'Write entries to the tamper-evident log of a training run',
    load: () => import('./commands/trainlog-append.ts').then(({ trainlogAppend }) => trainlogAppend),
  },
  {
    usage: 'trainlog seal <file>',
    description: 'End a training log, and print what attests it',
    load: () => import('./commands/trainlog-seal.ts').then(({ trainlogSeal }) => trainlogSeal),
  },
  {
    usage: 'trainlog verify <file>',
    description: 'Check every line of a training log, and hold it against receipts and an attestation',
    load: () => import('./commands/trainlog-verify.ts').then(({ trainlogVerify }) => trainlogVerify),
  },
  {
    usage: 'incident open',
    description: 'Open an incident about what went wrong, or preview what it would reach',
    load: () => import('./commands/incident-open.ts').then(({ incidentOpen }) => incidentOpen),
  },
  {
    usage: 'incident list',
    description: 'List incidents with what each reaches',
    load: () => import('./commands/incident-list.ts').then(({ incidentList }) => incidentList),
  },
  {
    usage: 'incident show <incident>',
    description: 'Show an incident with what it reaches, and check its audit trail',
    load: () => import('./commands/incident-show.ts').then(({ incidentShow }) => incidentShow),
  },
  {
    usage: 'incident decide <incident>',
    description: 'Decide which artifacts of an incident are affected',
    load: () => import('./commands/incident-decide.ts').then(({ incidentDecide }) => incidentDecide),
  },
  {
    usage: 'incident notice <incident>',
    description: 'Word what consumers are told of an incident',
    load: () => import('./commands/incident-notice.ts').then(({ incidentNotice }) => incidentNotice),
  },
  {
    usage: 'incident close <incident>',
    description: 'Close an incident with what came of it, or reopen it',
    load: () => import('./commands/incident-close.ts').then(({ incidentClose }) => incidentClose),
  },
  {
    usage: 'completion <shell>',
    description: 'Print a script that completes commands and options in bash, zsh or fish',
    load: () => import('./commands/completion.ts').then(({ completion }) => completion),
  },
];

/** The words of a usage that name the command: `log thaw` of `log thaw <origin>`. */
export function nameOf(usage: string): string {
  return usage.replace(/ ?[<[].*$/, '');
}
