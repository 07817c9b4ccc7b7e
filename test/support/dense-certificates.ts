import type { OpenDatabase } from '#db/client.ts';
import { checkpoints, logs } from '#db/schema/log.ts';
import { escapeText } from '#lib/watch/display.ts';
import { mintEventCertificate, mintIssued } from '#test/certificate-factories.ts';
import { type CheckpointRow, type LogRow, type MintedRule } from '#test/factories.ts';
import type { Scene } from './dense-scene.ts';
import { HOSTILE, pick, type Signer } from './dense-signers.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const MINUTE = 60_000;

const USED = 120;
const UNUSED = 60;
const WAITING = 48;
const NOT_COVERED = 48;
const UNDECIDED = 18;

type Overrides = NonNullable<Parameters<typeof mintIssued>[2]>;

/** A certificate log with the tree head that certificates are proved by. */
interface Place {
  readonly log: LogRow;
  readonly checkpoint: CheckpointRow;
}

interface SignedEvent {
  readonly id: string;
  readonly san: string;
  readonly sanType: Signer['sanType'];
  readonly issuer: string;
  readonly occurredAt: number;
}

/**
 * Some three hundred certificates of two certificate logs, in every state, and events whose own certificate is there,
 * awaited, missing or not covered. It joins events that are there already, so it comes after what mints them.
 */
export function mintCertificates(scene: Scene): void {
  const place = placesOf(scene.database);
  const events = verifiedEvents(scene.database);
  mintUsed(scene, place, events.slice(0, USED));
  mintUnjoined(scene, events.slice(USED, USED + 40));
  mintUnused(scene, place);
  mintOpen(scene, place);
  mintNamesOfStrangers(scene, place);
  mintUndecided(scene, place);
}

/** Gives the next free place, one log after the other. */
function placesOf({ db }: OpenDatabase): () => Place & { logIndex: number } {
  const heads = db.select().from(checkpoints).all();
  const followed = db
    .select()
    .from(logs)
    .all()
    .flatMap((log) => {
      const checkpoint = heads.find(({ logId }) => logId === log.id);
      return log.api.startsWith('ct-') && checkpoint ? [{ log, checkpoint }] : [];
    });
  let taken = 0;
  return () => {
    const place = followed[taken++ % followed.length];
    if (!place) throw new Error('no certificate log to put a certificate into');
    return { ...place, logIndex: place.log.verifiedSize - 1 - taken * 37 };
  };
}

function verifiedEvents({ sqlite }: OpenDatabase): SignedEvent[] {
  return sqlite
    .prepare(
      `SELECT id, san, san_type AS sanType, issuer, occurred_at AS occurredAt FROM events
       WHERE authenticity = 'verified' AND san IS NOT NULL AND issuer IS NOT NULL AND length(san) < 200
       ORDER BY occurred_at DESC LIMIT ?`,
    )
    .all(USED + 40) as SignedEvent[];
}

/** Precertificate and certificate by turns; each event knows where its own stands. */
function mintUsed(
  { database }: Scene,
  place: () => Place & { logIndex: number },
  events: readonly SignedEvent[],
): void {
  for (const [i, event] of events.entries()) {
    const signer = signerOf(event);
    const issued = mintIssued(database, place(), {
      ...issuedTo(signer, event.occurredAt - 2000, i),
      state: 'used',
      reason: 'An entry of a log was signed with it.',
      eventId: event.id,
    });
    mintEventCertificate(database, event.id, {
      state: 'in-ct',
      reason: 'A certificate log that we read has it.',
      tbsSha256: issued.tbsSha256 ?? '',
      certificateId: issued.id,
      checkedAt: event.occurredAt + MINUTE,
    });
  }
}

/** Events whose certificate no watched certificate of ours is. */
function mintUnjoined({ database, now }: Scene, events: readonly SignedEvent[]): void {
  const rfc = 'ctfe.public.example/2022';
  const states = [
    { state: 'in-ct', reason: `${rfc} has it as entry 310190022 of its tree of 310204118.` },
    { state: 'waiting', reason: 'No certificate log has shown it so far.' },
    { state: 'waiting', reason: `${rfc} promised to hold it, and has time to.` },
    { state: 'not-covered', reason: 'No certificate log that we follow has vouched for the certificate.' },
    {
      state: 'missing',
      reason: `${rfc} signed at 2026-03-12 09:14:03 UTC that it would hold the certificate, and by its own word does not have it in the tree of 310204118 that it signed at 2026-03-13 09:14:02 UTC.`,
    },
  ] as const;
  for (const [i, event] of events.entries()) {
    const found = states[i % states.length];
    if (found) mintEventCertificate(database, event.id, { ...found, checkedAt: now - i * MINUTE });
  }
}

function mintUnused({ database, now }: Scene, place: () => Place & { logIndex: number }): void {
  for (let i = 0; i < UNUSED; i++) {
    const isAsked = i % 2 === 0;
    mintIssued(database, place(), {
      ...issuedTo(pick(i), now - 30 * HOUR - i * 7 * HOUR, i),
      state: 'unused',
      reason: `No log that we read has an entry of it, 24 h after it was issued${isAsked ? ', and the index of Rekor v1 names none.' : '.'}`,
      ...(isAsked && { lookUps: 1 + (i % 7), lookedUpAt: now - HOUR }),
    });
  }
}

/** What may still be used, and what could have been used where nobody looked. */
function mintOpen({ database, now }: Scene, place: () => Place & { logIndex: number }): void {
  const behind = 'log2025-2.rekor.example';
  const early = 'No entry of it has been found so far';
  const waiting = [
    `${early}.`,
    `${early}; ${behind} is not read to its end.`,
    `${early}; the index is to be asked once more.`,
  ];
  for (let i = 0; i < WAITING; i++) {
    const reason = waiting[i % waiting.length] ?? '';
    mintIssued(database, place(), { ...issuedTo(pick(i), now - 5 * MINUTE - i * 20 * MINUTE, i), reason });
  }
  const strange = `${escapeText(HOSTILE.bidi)}/${HOSTILE.script}/${'long-'.repeat(30)}`;
  for (let i = 0; i < NOT_COVERED; i++) {
    const reason =
      i % 6 === 5
        ? 'No Rekor log is read that could have an entry of it.'
        : `It was issued before ${i % 6 === 4 ? strange : behind} was read, so that an entry of it may stand there unseen.`;
    mintIssued(database, place(), {
      ...issuedTo(pick(i + 2), now - 40 * DAY - i * 9 * HOUR, i),
      state: 'not-covered',
      reason,
    });
  }
}

/** Names, issuers and rules that could break a page. */
function mintNamesOfStrangers({ database, now }: Scene, place: () => Place & { logIndex: number }): void {
  for (const [i, text] of Object.values(HOSTILE).entries()) {
    const san = escapeText(text);
    const issuer = i % 2 === 0 ? san : pick(0).issuer;
    const rule: MintedRule = { rule: text.slice(0, 512), field: 'san', value: san, how: 'folded', own: true };
    mintIssued(database, place(), {
      ...issuedTo({ ...pick(0), san, issuer }, now - (3 + i) * MINUTE, i),
      rules: [metBy(pick(0), 'look-alike'), rule],
      state: 'unused',
      reason: 'No log that we read has an entry of it, 24 h after it was issued.',
    });
  }
}

/** Leaves that cannot be read at all, and certificates of which the beginning could be. */
function mintUndecided({ database, now }: Scene, place: () => Place & { logIndex: number }): void {
  const nothing = { tbsSha256: null, spkiSha256: null, serial: null, notBefore: null, notAfter: null };
  const nobody = { ...nothing, sanType: null, san: null, issuer: null, kind: 'x509' as const };
  for (let i = 0; i < UNDECIDED; i++) {
    const at = now - 2 * HOUR - i * 13 * HOUR;
    const isRead = i % 3 === 2;
    const undecided = isRead
      ? `Extension 2.5.29.17 names ${escapeText(HOSTILE.control)} twice, at offsets ${300 + i} and ${420 + i}.`
      : 'The certificate cannot be read.';
    mintIssued(database, place(), {
      ...issuedTo(pick(i), at, i),
      ...(!isRead && { ...nobody, issuedAt: at, firstSeenAt: at }),
      undecided,
      reason: undecided,
      rules: i % 2 === 0 ? [{ ...metBy(pick(0), 'bytes'), field: 'bytes' }] : [],
    });
  }
}

/** What every readable certificate says; every ninth met several rules, one of which has a name of a stranger. */
function issuedTo(signer: Signer, at: number, i: number): Overrides {
  const { san, sanType, issuer } = signer;
  const more: MintedRule[] =
    i % 9 === 4
      ? [
          { ...metBy(signer, 'folded'), rule: HOSTILE.script },
          {
            ...metBy(signer, 'exact'),
            rule: 'Everything of our organisation, whichever workflow, branch or tag',
            own: false,
          },
        ]
      : [];
  return {
    kind: i % 3 === 0 ? 'x509' : 'precertificate',
    san,
    sanType,
    issuer,
    issuedAt: at,
    firstSeenAt: at + 9000,
    notBefore: at,
    notAfter: at + 10 * MINUTE,
    rules: [metBy(signer, 'exact'), ...more],
  };
}

function metBy({ rule, san, own }: Signer, how: MintedRule['how']): MintedRule {
  return { rule, field: 'san', value: san, how, own };
}

function signerOf({ san, sanType, issuer }: SignedEvent): Signer {
  for (let i = 0; i < 7; i++) {
    const known = pick(i);
    if (known.san === san && known.issuer === issuer) return known;
  }
  return { ...pick(0), san, sanType, issuer };
}
