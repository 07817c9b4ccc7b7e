import { ctClient } from '#lib/ct/ct-client.ts';
import { ctLogReader } from '#lib/ct/ct-log.ts';
import { findLeaf } from '#lib/ct/find-leaf.ts';
import { signedAtOf, staticNoteVerifier } from '#lib/ct/note-verifier.ts';
import { leafIndexOf } from '#lib/ct/sct-list.ts';
import { staticCtLogReader, staticCtSource } from '#lib/ct/static-log.ts';
import { readTreeHead } from '#lib/ct/tree-head.ts';
import type { HttpReader } from '#lib/rekor/http.ts';
import type { LogReader } from '#lib/rekor/log-reader.ts';
import { equalBytes } from '#lib/tlog/hash.ts';
import type { FollowedCertificateLog } from './certificate-logs.ts';
import type { FoundLog } from './find-event-certificates.ts';

/** A certificate log by whichever API it has: to be read from end to end, and to be asked for one leaf. */
export interface CertificateLogAccess extends FoundLog {
  readonly reader: LogReader;
}

/** The way to a certificate log, over these connections. */
export function accessCertificateLog(log: FollowedCertificateLog, http: HttpReader): CertificateLogAccess {
  return log.api === 'ct-static' ? accessStatic(log, http) : accessRfc6962(log, http);
}

function accessRfc6962(log: FollowedCertificateLog, http: HttpReader): CertificateLogAccess {
  const client = ctClient(http, log.readUrl);
  return {
    log,
    reader: ctLogReader({ origin: log.origin, key: log.key, client }),
    find: (head, leafHash, _, signal) => findLeaf(client, head, leafHash, signal),
    signedAt: (note) => readTreeHead(Buffer.from(note), log).signedAt,
  };
}

function accessStatic(log: FollowedCertificateLog, http: HttpReader): CertificateLogAccess {
  const reader = staticCtLogReader(log, staticCtSource(http, log.readUrl));
  const verifier = staticNoteVerifier(log);
  return {
    log,
    reader,
    async find(head, leafHash, { extensions }, signal) {
      const index = leafIndexOf(extensions);
      if (index === null || index >= head.size) return null;
      const entry = await (await reader.open(head, signal)).entry(index);
      return equalBytes(entry.leafHash, leafHash) ? index : null;
    },
    signedAt: (note) => signedAtOf(Buffer.from(note), verifier),
  };
}
