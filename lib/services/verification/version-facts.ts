import { and, desc, eq, isNull, or } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
import { verdicts } from '#db/schema/artifact.ts';
import { findings } from '#db/schema/finding.ts';
import { versions } from '#db/schema/model.ts';
import { chainSentence } from '#lib/provenance/chain-sentence.ts';
import { plainText } from '#lib/provenance/sentence.ts';
import type { AnswerSigning, VerificationAnswer } from '#lib/provenance/verification.ts';
import { readWeakestReasons } from '#lib/services/finding/read-weakest-reasons.ts';
import { selectSigningsOf } from '#lib/services/model/version-bundles.ts';
import type { KnownVersion } from './known-version.ts';

const SIGNINGS = 20;
const FINDINGS = 50;
const VERDICTS = 100;

type Facts = Pick<VerificationAnswer, 'signings' | 'chain' | 'findings'>;

/** Who signed a version, what its chain is worth, and what is open about it. */
export function readVersionFacts(db: Db, version: KnownVersion): Facts {
  return { signings: readSignings(db, version), chain: readChain(db, version), findings: readFindings(db, version) };
}

/** Other names of the same files are signed by the same signatures. */
function readSignings(db: Db, { artifactId, versionId }: KnownVersion): AnswerSigning[] {
  const which = artifactId === null ? eq(versions.id, versionId) : eq(versions.artifactId, artifactId);
  return selectSigningsOf(db, which)
    .slice(0, SIGNINGS)
    .map(({ bundleId, eventId, method, san, issuer, signedAt, signedAtSource, logged, origin, logIndex }) => ({
      bundleId,
      eventId,
      method,
      san,
      issuer,
      signedAt,
      signedAtSource,
      logged,
      origin,
      logIndex,
    }));
}

function readChain(db: Db, { artifactId, weakest, verdictSince }: KnownVersion): Facts['chain'] {
  if (artifactId === null || verdictSince === null) return null;
  const past = db
    .select()
    .from(verdicts)
    .where(eq(verdicts.artifactId, artifactId))
    .orderBy(desc(verdicts.at), desc(verdicts.id))
    .limit(VERDICTS)
    .all();
  const why = readWeakestReasons(db, [artifactId]).get(artifactId) ?? null;
  return { weakest, sentence: plainText(chainSentence(weakest, past, why)), since: verdictSince };
}

function readFindings(db: Db, { modelId, versionId }: KnownVersion): Facts['findings'] {
  return db
    .select({ id: findings.id, kind: findings.kind, statement: findings.statement, firstAt: findings.firstAt })
    .from(findings)
    .where(
      and(
        eq(findings.modelId, modelId),
        isNull(findings.resolvedAt),
        or(isNull(findings.versionId), eq(findings.versionId, versionId)),
      ),
    )
    .orderBy(desc(findings.firstAt), desc(findings.id))
    .limit(FINDINGS)
    .all();
}
