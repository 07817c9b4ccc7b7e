import {
  type CertificateField,
  type CertificateForm,
  type CertificateVisitor,
  walkCertificate,
} from './certificate-walk.ts';
import { DerCursor } from './der.ts';
import { FieldValue } from './field-value.ts';
import {
  extensionValueStart,
  ISSUER,
  ISSUER_V2,
  MAX_EXTENSION_NUMBER,
  readExtensionNumber,
} from './fulcio-extensions.ts';
import { formatGeneralName, isTextName } from './general-name.ts';

const EMPTY = new Uint8Array();

/**
 * Where a certificate has the values that rules ask for: its names, its issuers, and the extensions named in `wanted`.
 * One scan serves any number of certificates; what it found is good until the next `read`.
 */
export class CertificateScan implements CertificateVisitor {
  readonly names = new ValueList();
  readonly issuers = new ValueList();
  readonly extensions = new ValueList();
  private readonly cursor = new DerCursor();
  private readonly wanted = new Uint8Array(MAX_EXTENSION_NUMBER + 1);
  private der: Uint8Array = EMPTY;
  private keyFrom = 0;
  private keyTo = 0;

  constructor(wanted: Iterable<number>) {
    for (const number of wanted) this.wanted[number] = 1;
  }

  /** Scans a DER certificate. Throws DerError where it is none. */
  read(der: Uint8Array, form: CertificateForm = 'certificate'): void {
    this.clear();
    this.der = der;
    walkCertificate(der, this, this.cursor, form);
  }

  /** Forgets the certificate: there is none. */
  clear(): void {
    this.der = EMPTY;
    this.keyFrom = 0;
    this.keyTo = 0;
    this.names.clear();
    this.issuers.clear();
    this.extensions.clear();
  }

  /** The SubjectPublicKeyInfo, in DER. A view. */
  get key(): Uint8Array {
    return this.der.subarray(this.keyFrom, this.keyTo);
  }

  field(field: CertificateField, start: number, _from: number, to: number): void {
    if (field !== 'spki') return;
    this.keyFrom = start;
    this.keyTo = to;
  }

  name(tag: number, from: number, to: number): void {
    if (isTextName(tag)) {
      this.names.add().set(tag, this.der, from, to);
    } else {
      // Addresses and directory names are compared as they are shown; certificates with them are rare.
      const shown = new TextEncoder().encode(formatGeneralName(tag, this.der, from, to));
      this.names.add().set(tag, shown, 0, shown.length);
    }
  }

  extension(oidFrom: number, oidTo: number, from: number, to: number): void {
    const number = readExtensionNumber(this.der, oidFrom, oidTo);
    if (number === 0) return;
    if (number === ISSUER || number === ISSUER_V2) this.addValue(this.issuers, number, from, to);
    if (this.wanted[number] === 1) this.addValue(this.extensions, number, from, to);
  }

  private addValue(list: ValueList, number: number, from: number, to: number): void {
    const start = extensionValueStart(this.der, number, from, to);
    if (start === -1) list.add().set(number, this.der, from, to, 'not-der');
    else list.add().set(number, this.der, start, to);
  }
}

/** A list of values that is emptied by forgetting its length, so that its values are used again. */
export class ValueList {
  size = 0;
  private readonly values: FieldValue[] = [];

  clear(): void {
    this.size = 0;
  }

  add(): FieldValue {
    if (this.size === this.values.length) this.values.push(new FieldValue());
    return this.at(this.size++);
  }

  at(index: number): FieldValue {
    return this.values[index] as FieldValue;
  }
}
