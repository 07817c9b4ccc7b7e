import type { OpenDatabase } from '#db/client.ts';
import { checkpoints, logs } from '#db/schema/log.ts';
import { escapeText } from '#lib/watch/display.ts';
import {
  type BuiltIssued,
  buildIssued,
  type EventCertificateRow,
  type IssuedOverrides,
  type IssuedPlace,
  mintEventCertificates,
  mintManyIssued,
} from '#test/certificate-factories.ts';
import { type MintedRule, mintHex } from '#test/factories.ts';
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

const RFC = 'ctfe.public.example/2022';
const BEHIND = 'log2025-2.rekor.example';

/** Gives the next free place of a certificate log. */
type Places = () => IssuedPlace;

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
  const used = buildUsed(place, events.slice(0, USED));
  mintManyIssued(scene.database, [
    ...used,
    ...buildUnused(scene, place),
    ...buildWaiting(scene, place),
    ...buildNotCovered(scene, place),
    ...buildNamesOfStrangers(scene, place),
    ...buildUndecided(scene, place),
  ]);
  mintEventCertificates(scene.database, [...used.map(joinUsed), ...events.slice(USED).map(joinOther)]);
}

/** One log after the other, from the newest entries on. */
function placesOf({ db }: OpenDatabase): Places {
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

/** Precertificate and certificate by turns. */
function buildUsed(place: Places, events: readonly SignedEvent[]): BuiltIssued[] {
  return events.map((event, i) =>
    buildIssued(place(), {
      ...issuedTo(signerOf(event), event.occurredAt - 2000, i),
      state: 'used',
      reason: 'An entry of a log was signed with it.',
      eventId: event.id,
    }),
  );
}

function joinUsed({ row }: BuiltIssued): EventCertificateRow {
  return {
    eventId: row.eventId ?? '',
    tbsSha256: row.tbsSha256 ?? '',
    state: 'in-ct',
    reason: 'A certificate log that we read has it.',
    certificateId: row.id,
    checkedAt: row.issuedAt + MINUTE,
  };
}

const JOINED = [
  { state: 'in-ct', reason: `${RFC} has it as entry 310190022 of its tree of 310204118.` },
  { state: 'waiting', reason: 'No certificate log has shown it so far.' },
  { state: 'waiting', reason: `${RFC} promised to hold it, and has time to.` },
  { state: 'not-covered', reason: 'No certificate log that we follow has vouched for the certificate.' },
  {
    state: 'missing',
    reason: `${RFC} signed at 2026-03-12 09:14:03 UTC that it would hold the certificate, and by its own word does not have it in the tree of 310204118 that it signed at 2026-03-13 09:14:02 UTC.`,
  },
] as const;

/** An event whose certificate is none of those that a certificate log showed by itself. */
function joinOther({ id, occurredAt }: SignedEvent, i: number): EventCertificateRow {
  const found = JOINED[i % JOINED.length] ?? JOINED[0];
  return { eventId: id, tbsSha256: mintHex(`tbs of ${id}`), checkedAt: occurredAt + MINUTE, ...found };
}

function buildUnused({ now }: Scene, place: Places): BuiltIssued[] {
  return build(UNUSED, (i) => {
    const isAsked = i % 2 === 0;
    return buildIssued(place(), {
      ...issuedTo(pick(i), now - 30 * HOUR - i * 7 * HOUR, i),
      state: 'unused',
      reason: `No log that we read has an entry of it, 24 h after it was issued${isAsked ? ', and the index of Rekor v1 names none.' : '.'}`,
      ...(isAsked && { lookUps: 1 + (i % 7), lookedUpAt: now - HOUR }),
    });
  });
}

/** What may still be used. */
function buildWaiting({ now }: Scene, place: Places): BuiltIssued[] {
  const early = 'No entry of it has been found so far';
  const reasons = ['.', `; ${BEHIND} is not read to its end.`, '; the index is to be asked once more.'];
  return build(WAITING, (i) =>
    buildIssued(place(), {
      ...issuedTo(pick(i), now - 5 * MINUTE - i * 20 * MINUTE, i),
      reason: `${early}${reasons[i % reasons.length]}`,
    }),
  );
}

/** What could have been used where nobody looked. */
function buildNotCovered({ now }: Scene, place: Places): BuiltIssued[] {
  const strange = `${escapeText(HOSTILE.bidi)}/${HOSTILE.script}/${'long-'.repeat(30)}`;
  return build(NOT_COVERED, (i) => {
    const origin = i % 6 === 4 ? strange : BEHIND;
    return buildIssued(place(), {
      ...issuedTo(pick(i + 2), now - 40 * DAY - i * 9 * HOUR, i),
      state: 'not-covered',
      reason:
        i % 6 === 5
          ? 'No Rekor log is read that could have an entry of it.'
          : `It was issued before ${origin} was read, so that an entry of it may stand there unseen.`,
    });
  });
}

/** Names, issuers and rules that could break a page. */
function buildNamesOfStrangers({ now }: Scene, place: Places): BuiltIssued[] {
  return Object.values(HOSTILE).map((text, i) => {
    const san = escapeText(text);
    const issuer = i % 2 === 0 ? san : pick(0).issuer;
    const rule: MintedRule = { rule: text.slice(0, 512), field: 'san', value: san, how: 'folded', own: true };
    return buildIssued(place(), {
      ...issuedTo({ ...pick(0), san, issuer }, now - 25 * HOUR - i * MINUTE, i),
      rules: [metBy(pick(0), 'look-alike'), rule],
      state: 'unused',
      reason: 'No log that we read has an entry of it, 24 h after it was issued.',
    });
  });
}

/** Leaves that cannot be read at all, and certificates within leaves that can. */
function buildUndecided({ now }: Scene, place: Places): BuiltIssued[] {
  const nobody = { sanType: null, san: null, issuer: null };
  const nothing = { tbsSha256: null, spkiSha256: null, serial: null, notBefore: null, notAfter: null };
  return build(UNDECIDED, (i) => {
    const at = now - 2 * HOUR - i * 13 * HOUR;
    const isLeafRead = i % 3 === 2;
    const undecided = isLeafRead
      ? `The certificate is cut off at offset ${300 + i}.`
      : `The leaf is of the kind ${escapeText(HOSTILE.control)}, which RFC 6962 does not know.`;
    return buildIssued(place(), {
      ...issuedTo(pick(i), at, i),
      ...nobody,
      ...nothing,
      ...(!isLeafRead && { kind: 'x509' as const, firstSeenAt: at }),
      undecided,
      reason: undecided,
      rules: i % 2 === 0 ? [{ ...metBy(pick(0), 'bytes'), field: 'bytes' }] : [],
    });
  });
}

function build(count: number, one: (i: number) => BuiltIssued): BuiltIssued[] {
  return Array.from({ length: count }, (_, i) => one(i));
}

/** What every readable certificate says; every ninth met several rules, one of which has a name of a stranger. */
function issuedTo(signer: Signer, at: number, i: number): IssuedOverrides {
  const { san, sanType, issuer } = signer;
  const broad = 'Everything of our organisation, whichever workflow, branch or tag';
  const more: MintedRule[] = [
    { ...metBy(signer, 'folded'), rule: HOSTILE.script },
    { ...metBy(signer, 'exact'), rule: broad, own: false },
  ];
  return {
    kind: i % 3 === 0 ? 'x509' : 'precertificate',
    san,
    sanType,
    issuer,
    issuedAt: at,
    firstSeenAt: at + 9000,
    notBefore: at,
    notAfter: at + 10 * MINUTE,
    rules: [metBy(signer, 'exact'), ...(i % 9 === 4 ? more : [])],
  };
}

function metBy({ rule, san, own }: Signer, how: MintedRule['how']): MintedRule {
  return { rule, field: 'san', value: san, how, own };
}

/** The usual signer of that name, whose rule it met. */
function signerOf({ san, sanType, issuer }: SignedEvent): Signer {
  for (let i = 0; i < 7; i++) {
    const known = pick(i);
    if (known.san === san && known.issuer === issuer) return known;
  }
  return { ...pick(0), san, sanType, issuer };
}
