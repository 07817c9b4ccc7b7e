import { toHex } from '#lib/tlog/hex.ts';
import { parseAsn1Time } from './asn1-time.ts';
import {
  type CertificateField,
  type CertificateForm,
  type CertificateVisitor,
  isAlternativeName,
  NameTag,
  walkCertificate,
} from './certificate-walk.ts';
import { DerCursor, DerError } from './der.ts';
import { decodeLatin1, escapeUtf8 } from './display.ts';
import { formatName } from './distinguished-name.ts';
import {
  extensionName,
  extensionValueStart,
  FULCIO_ARC,
  ISSUER,
  ISSUER_V2,
  readExtensionNumber,
} from './fulcio-extensions.ts';
import { formatGeneralName, type SanType, sanType } from './general-name.ts';
import { formatOid } from './oid.ts';

/** One subject alternative name. */
export interface SanFact {
  readonly type: SanType;
  /** The type of an OtherName. */
  readonly oid?: string;
  /** As shown: controls, bidi and invisible characters and stray bytes written out. */
  readonly value: string;
  /** Lowercase hex of the name's content, for an OtherName of the string within. */
  readonly raw: string;
  readonly anomalies: readonly string[];
}

/** The OpenID Connect issuer that Fulcio relied on, in its two encodings (extensions 1 and 8). */
export interface IssuerFact {
  readonly raw?: string;
  readonly utf8?: string;
  /** The one to show: extension 8, else 1; null when the certificate names none. */
  readonly value: string | null;
  /** Whether the certificate names more than one issuer. */
  readonly conflict: boolean;
}

/** One of Fulcio's extensions; an OID that stands twice is here twice. */
export interface ExtensionFact {
  readonly oid: string;
  readonly name: string | null;
  readonly value: string;
  /** Lowercase hex of the extension's value, encoding included. */
  readonly raw: string;
}

/**
 * What a certificate says, before anyone asked whether a trusted authority signed it. Stored with an event as JSON.
 * Times are ms since the epoch, null where the certificate's are none. `anomalies` are sentences for people.
 */
export interface CertificateFacts {
  readonly serial: string;
  readonly issuerName: string;
  readonly subjectName: string;
  readonly notBefore: number | null;
  readonly notAfter: number | null;
  readonly sans: readonly SanFact[];
  readonly issuer: IssuerFact;
  readonly extensions: readonly ExtensionFact[];
  /** Where in the DER the SubjectPublicKeyInfo stands: its SHA-256 is the key's fingerprint. */
  readonly spki: { readonly from: number; readonly to: number };
  readonly anomalies: readonly string[];
}

/**
 * Reads a DER certificate (RFC 5280) with Fulcio's extensions. Verifies nothing.
 * Throws DerError where the bytes are no certificate; all else that is odd is an anomaly, and kept.
 */
export function readCertificate(der: Uint8Array, form: CertificateForm = 'certificate'): CertificateFacts {
  const reader = new FactsReader(der);
  walkCertificate(der, reader, new DerCursor(), form);
  return reader.facts();
}

class FactsReader implements CertificateVisitor {
  private readonly der: Uint8Array;
  private readonly sans: SanFact[] = [];
  private readonly extensions: ExtensionFact[] = [];
  private readonly issuers: { raw: string[]; utf8: string[] } = { raw: [], utf8: [] };
  private readonly oids = new Map<string, number>();
  private readonly anomalies: string[] = [];
  private serial = '';
  private issuerName = '';
  private subjectName = '';
  private validity: readonly [number | null, number | null] = [null, null];
  private spki = { from: 0, to: 0 };

  constructor(der: Uint8Array) {
    this.der = der;
  }

  field(field: CertificateField, start: number, from: number, to: number): void {
    if (field === 'serial') this.serial = toHex(this.der.subarray(from, to));
    else if (field === 'issuer') this.issuerName = this.readName(field, from, to);
    else if (field === 'subject') this.subjectName = this.readName(field, from, to);
    else if (field === 'validity') this.validity = this.readValidity(from, to);
    else this.spki = { from: start, to };
  }

  name(tag: number, from: number, to: number, oidFrom: number, oidTo: number): void {
    const content = this.der.subarray(from, to);
    const oid = oidTo === 0 ? null : (formatOid(this.der, oidFrom, oidTo) ?? '?');
    this.sans.push({
      type: sanType(tag),
      ...(oid === null ? {} : { oid }),
      value: formatGeneralName(tag, this.der, from, to),
      raw: toHex(content),
      anomalies: nameAnomalies(tag, content, oid),
    });
  }

  extension(oidFrom: number, oidTo: number, from: number, to: number): void {
    const oid = formatOid(this.der, oidFrom, oidTo) ?? `#${toHex(this.der.subarray(oidFrom, oidTo))}`;
    this.oids.set(oid, (this.oids.get(oid) ?? 0) + 1);
    if (isAlternativeName(this.der, oidFrom, oidTo) || !oid.startsWith(`${FULCIO_ARC}.`)) return;

    const number = readExtensionNumber(this.der, oidFrom, oidTo);
    const start = extensionValueStart(this.der, number, from, to);
    const content = this.der.subarray(start === -1 ? from : start, to);
    const value = escapeUtf8(content);
    const name = extensionName(number);
    if (start === -1) this.anomalies.push(`The extension ${name ?? oid} is not a DER UTF8String.`);
    if (number === ISSUER) this.issuers.raw.push(value);
    if (number === ISSUER_V2) this.issuers.utf8.push(value);
    if (number === ISSUER || number === ISSUER_V2) this.checkIssuer(content, name ?? oid);
    this.extensions.push({ oid, name, value, raw: toHex(this.der.subarray(from, to)) });
  }

  facts(): CertificateFacts {
    const issuer = this.readIssuer();
    this.checkWhole(issuer);
    const { serial, issuerName, subjectName, sans, extensions, spki, anomalies } = this;
    const [notBefore, notAfter] = this.validity;
    return { serial, issuerName, subjectName, notBefore, notAfter, sans, issuer, extensions, spki, anomalies };
  }

  private readName(field: 'issuer' | 'subject', from: number, to: number): string {
    const name = formatName(this.der, from, to);
    if (name === null) this.anomalies.push(`The ${field} is not a distinguished name.`);
    return name ?? `#${toHex(this.der.subarray(from, to))}`;
  }

  private readValidity(from: number, to: number): readonly [number | null, number | null] {
    const cursor = new DerCursor().reset(this.der, from, to);
    const times: (number | null)[] = [];
    try {
      while (cursor.more && times.length < 3) {
        const tag = cursor.next();
        times.push(parseAsn1Time(tag, decodeLatin1(this.der.subarray(cursor.from, cursor.to))));
      }
    } catch (error) {
      if (!(error instanceof DerError)) throw error;
    }
    const [notBefore = null, notAfter = null] = times;
    if (times.length !== 2 || notBefore === null || notAfter === null) {
      this.anomalies.push('The validity is not two times.');
    }
    return [notBefore, notAfter];
  }

  private readIssuer(): IssuerFact {
    const [raw] = this.issuers.raw;
    const [utf8] = this.issuers.utf8;
    return {
      ...(raw === undefined ? {} : { raw }),
      ...(utf8 === undefined ? {} : { utf8 }),
      value: utf8 ?? raw ?? null,
      conflict: new Set([...this.issuers.raw, ...this.issuers.utf8]).size > 1,
    };
  }

  private checkIssuer(content: Uint8Array, name: string): void {
    if (content.includes(0)) this.anomalies.push(`The extension ${name} contains a NUL.`);
    if (content.some((byte) => byte > 0x7f)) this.anomalies.push(`The extension ${name} is not ASCII.`);
  }

  private checkWhole(issuer: IssuerFact): void {
    if (this.sans.length === 0) this.anomalies.push('The certificate names no identity.');
    if (this.sans.length > 1) {
      this.anomalies.push(`The certificate names ${this.sans.length} identities; Fulcio writes one.`);
    }
    if (issuer.value === null) this.anomalies.push('The certificate names no OpenID Connect issuer.');
    if (issuer.conflict) this.anomalies.push('The certificate names different OpenID Connect issuers.');
    for (const [oid, count] of this.oids) {
      if (count > 1) this.anomalies.push(`The extension ${oid} stands ${count} times; one is allowed.`);
    }
  }
}

function nameAnomalies(tag: number, content: Uint8Array, oid: string | null): string[] {
  const anomalies: string[] = [];
  const isAsciiType = tag === NameTag.rfc822Name || tag === NameTag.uri || tag === NameTag.dnsName;
  const isText = isAsciiType || tag === NameTag.otherName;
  if (isText && content.length === 0) anomalies.push('The name is empty.');
  if (isText && content.includes(0))
    anomalies.push('The name contains a NUL; some programs read only what precedes it.');
  if (isText && content.some((byte) => byte > 0x7f)) {
    anomalies.push(
      isAsciiType ? 'The name has bytes that its type does not allow (not ASCII).' : 'The name is not ASCII.',
    );
  }
  if (isText && content.some((byte) => (byte > 0 && byte < 0x20) || byte === 0x7f)) {
    anomalies.push('The name contains control characters.');
  }
  if (oid !== null && oid !== `${FULCIO_ARC}.7`)
    anomalies.push(`The name is of a type that Fulcio does not use (${oid}).`);
  return anomalies;
}
