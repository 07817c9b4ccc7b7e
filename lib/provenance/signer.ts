/** What CI providers put between a workflow and the branch or tag that it ran on. */
const REF = '@refs/';
const TAG = '@refs/tags/';

/**
 * Who signed, for telling signers apart: the identity, of a workflow without its branch or tag. A release workflow has
 * another identity with each tag, yet it is one signer; the identity in full is always shown beside its signatures.
 */
export function signerOf(san: string | null): string | null {
  if (san === null || !/^https?:\/\//.test(san)) return san;
  const at = san.indexOf(REF);
  return at < 0 ? san : san.slice(0, at);
}

/** The tag that a workflow ran on, which is what its release is called; null for signers that are no workflow on a tag. */
export function releaseOf(san: string | null): string | null {
  if (san === null || !/^https?:\/\//.test(san)) return null;
  const at = san.indexOf(TAG);
  const tag = at < 0 ? '' : san.slice(at + TAG.length);
  return tag === '' || tag.length > 100 ? null : tag;
}

/** Who signed, by the certificate or key: an address at two issuers is two identities. */
export interface SignerName {
  readonly san: string;
  readonly issuer: string | null;
}

/** In one line, for evidence and fields. */
export function describeSigner({ san, issuer }: SignerName): string {
  return issuer === null ? san : `${san} (${issuer})`;
}

/** Whether both are one signer: the same identity, of a workflow without its ref, at the same issuer. */
export function isSameSigner(a: SignerName, b: SignerName): boolean {
  return signerOf(a.san) === signerOf(b.san) && a.issuer === b.issuer;
}

/** Whether both are workflows of one repository: the same address up to the provider's folder of workflows. */
export function isSameRepository(a: string | null, b: string | null): boolean {
  const first = repositoryOf(a);
  return first !== null && first === repositoryOf(b);
}

function repositoryOf(san: string | null): string | null {
  return WORKFLOW.exec(san ?? '')?.[1] ?? null;
}

/** What the identities of all workflows of a repository begin with; null for signers that are no workflow. */
export function workflowsOf(san: string | null): string | null {
  return WORKFLOW.exec(san ?? '')?.[0] ?? null;
}

const WORKFLOW = /^(https?:\/\/[^/]+\/.+?)\/\/?\.(?:github\/workflows\/|gitlab-ci)/;
