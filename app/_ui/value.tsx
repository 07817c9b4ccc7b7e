import { elideMiddle, showText } from '#lib/provenance/untrusted-text.ts';
import { CopyButton } from './copy-button.tsx';

/** Titles are for people; nobody reads 4,000 characters in one. */
const TITLE_LIMIT = 1000;

interface ValueProps {
  readonly value: string;
  /** What it is, for the copy button: "identity", "digest". Without it there is no button. */
  readonly copy?: string;
  /** Characters shown before the middle is left out. */
  readonly limit?: number;
  readonly className?: string;
  /** For values short enough to stand on one line anywhere. */
  readonly isShort?: boolean;
  /** For names that people gave, which need no fixed width. */
  readonly isText?: boolean;
}

/** An identity, digest or path from a log or bundle: contained, middle-elided, whole on hover and copy. */
export function Value({ value, copy, limit = 64, className = '', isShort = false, isText = false }: ValueProps) {
  const shown = showText(value);
  const elided = elideMiddle(shown, limit);
  const classes = [isText ? '' : 'mono', isShort ? 'short' : '', className].filter((name) => name !== '').join(' ');
  const title = elided === shown ? {} : { title: elideMiddle(shown, TITLE_LIMIT) };
  const text = (
    <bdi {...(classes === '' ? {} : { className: classes })} {...title}>
      {elided}
    </bdi>
  );
  if (!copy) return text;
  return (
    <span className="inline-flex max-w-full items-start gap-0.5 align-bottom">
      {text}
      <CopyButton value={value} label={copy} />
    </span>
  );
}

interface DigestProps {
  readonly value: string;
  readonly algorithm?: string;
  readonly limit?: number;
  readonly copy?: string;
}

/** A digest: its ends are what people compare. */
export function Digest({ value, algorithm, limit = 22, copy = 'digest' }: DigestProps) {
  return (
    <span className="inline-flex max-w-full items-start">
      {algorithm ? <span className="mono text-muted">{algorithm}:</span> : null}
      <Value value={value} limit={limit} copy={copy} isShort={limit <= 24} />
    </span>
  );
}

interface SignerProps {
  readonly san: string | null;
  readonly issuer: string | null;
  readonly limit?: number;
}

/** An identity over its issuer: an address at two issuers is two identities. */
export function Signer({ san, issuer, limit = 104 }: SignerProps) {
  return (
    <span className="lines md:min-w-64">
      {san === null ? (
        <span className="text-muted">No identity in a certificate</span>
      ) : (
        <Value value={san} limit={limit} />
      )}
      {issuer === null ? null : <Value value={issuer} limit={64} className="text-muted" />}
    </span>
  );
}
