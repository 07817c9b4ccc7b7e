/** What the manifest calls the format. A change of any file's form, or of a word in the report, is another version. */
export const ARCHIVE_FORMAT = 'modeltrail-incident-archive';
export const ARCHIVE_VERSION = 2;
/** Versions that are read. Of version 1 the steps of paths do not say what was known of their links when they were found. */
export const READ_VERSIONS = [1, 2] as const;

/** Files that every archive has, but for the trust root where none has been in force. */
export const FILE = {
  manifest: 'manifest.json',
  incident: 'incident.json',
  affected: 'affected.json',
  affectedCsv: 'affected.csv',
  links: 'links.json',
  bundles: 'bundles.json',
  events: 'events.json',
  audit: 'audit.jsonl',
  reportMarkdown: 'report.md',
  reportHtml: 'report.html',
  trust: 'trust/trust.json',
  trustedRoot: 'trust/trusted_root.json',
} as const;

/** The report, made from the documents, and made again by whoever verifies. */
export const RENDERED = [FILE.reportMarkdown, FILE.reportHtml, FILE.affectedCsv] as const;

export const bundlePath = (id: string): string => `bundles/${id}.json`;
export const keyPath = (fingerprint: string): string => `trust/keys/${fingerprint}.pem`;
export const declarationPath = (id: number): string => `declarations/${id}.json`;
export const eventPath = (id: string, file: 'entry.bin' | 'proof.json' | 'checkpoint'): string =>
  `events/${id}/${file}`;

const MIB = 1024 * 1024;

/** What is read of an archive at the most; what is written keeps to the same. */
export const LIMITS = {
  archiveBytes: 1024 * MIB,
  maxFiles: 60_000,
  maxFileBytes: 128 * MIB,
  maxTotalBytes: 4096 * MIB,
  /** Criteria of a scope. */
  criteria: 1000,
} as const;
