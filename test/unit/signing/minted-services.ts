import { createPublicKey, type KeyObject, verify, X509Certificate } from 'node:crypto';
import type { LogService } from '#lib/signing/signing-config.ts';
import { AnsweringServer, type AskedRequest } from '#test/support/answering-server.ts';
import { IDENTITY, type Json, MintedSigstore } from '#test/unit/sigstore/mint-bundle.ts';
import { mintKey } from '#test/unit/sigstore/mint-certificate.ts';
import { mintTimestampOf } from '#test/unit/sigstore/mint-timestamp.ts';

const IMPRINT_AT = 24;
const MINUTE = 60_000;

/** The services of a minted Sigstore on the loopback: honest, save where a test puts in something else. */
export class MintedServices {
  readonly sigstore = new MintedSigstore();
  readonly #server: AnsweringServer;
  /** The key that Fulcio certifies in the place of the one that it was asked for. */
  certified: KeyObject | null = null;
  /** Whether certificates are in the certificate log. */
  hasSct = true;
  /** What a log says in the place of the entry (in the JSON form of bundles) that it made. */
  alter: (entry: Json) => Json = (entry) => entry;
  /** What the timestamp authority stamps in the place of the imprint that it was given. */
  imprint: Buffer | null = null;

  private constructor(server: AnsweringServer) {
    this.#server = server;
    server.answer = (request) => this.#answer(request);
  }

  static async start(): Promise<MintedServices> {
    return new MintedServices(await AnsweringServer.start());
  }

  /** As a signing configuration gives them, with a log of this API. */
  services(api: LogService['api']) {
    const { url } = this.#server;
    return {
      fulcio: url,
      logs: [{ url, api }],
      timestampAuthorities: api === 2 ? [url] : [],
    };
  }

  async stop(): Promise<void> {
    await this.#server.stop();
  }

  #answer({ path, body, bytes }: AskedRequest) {
    if (path === '/api/v1/timestamp') {
      const imprint = this.imprint ?? bytes.subarray(IMPRINT_AT, IMPRINT_AT + 32);
      const stamp = mintTimestampOf(imprint, wholeSecond(), this.sigstore.tsa);
      return { headers: { 'content-type': 'application/timestamp-reply' }, body: stamp };
    }
    const json = JSON.parse(body);
    if (path === '/api/v2/signingCert') return this.#certify(json);
    const entry = this.alter(path === '/api/v2/log/entries' ? this.#enterV2(json) : this.#enterV1(json));
    return { status: 201, body: JSON.stringify(path === '/api/v2/log/entries' ? entry : apiOfV1(entry)) };
  }

  #certify({ publicKeyRequest: { publicKey, proofOfPossession } }: Json) {
    const asked = createPublicKey(publicKey.content);
    if (!verify('sha256', Buffer.from(IDENTITY), asked, Buffer.from(proofOfPossession, 'base64'))) {
      return { status: 400, body: JSON.stringify({ message: 'The signature supplied in the request is wrong' }) };
    }
    // Only the public half is certified; the other is never looked at.
    const key = { publicKey: this.certified ?? asked, privateKey: mintKey().privateKey };
    const from = wholeSecond() - MINUTE;
    const { der } = this.sigstore.leaf({ key, from, to: from + 10 * MINUTE, ...(!this.hasSct && { scts: [] }) });
    const certificates = [new X509Certificate(der).toString()];
    return { body: JSON.stringify({ signedCertificateEmbeddedSct: { chain: { certificates } } }) };
  }

  #enterV2({ hashedRekordRequestV002: { digest, signature } }: Json): Json {
    return this.sigstore.v2Entry({
      hash: 'sha256',
      digest: Buffer.from(digest, 'base64'),
      signature: Buffer.from(signature.content, 'base64'),
      certificate: Buffer.from(signature.verifier.x509Certificate.rawBytes, 'base64'),
      payload: null,
    });
  }

  #enterV1({ spec: { proposedContent } }: Json): Json {
    const { payload, signatures } = JSON.parse(proposedContent.envelope);
    const pem = Buffer.from(proposedContent.verifiers[0], 'base64');
    const of = {
      hash: 'sha256' as const,
      digest: Buffer.alloc(0),
      signature: Buffer.from(signatures[0].sig, 'base64'),
      certificate: new X509Certificate(pem).raw,
      payload: Buffer.from(payload, 'base64'),
    };
    return this.sigstore.v1Entry(of, wholeSecond());
  }
}

function wholeSecond(): number {
  return Math.floor(Date.now() / 1000) * 1000;
}

/** From the spelling of bundles to that of the API of Rekor v1. */
function apiOfV1({ logIndex, logId, integratedTime, inclusionPromise, inclusionProof, canonicalizedBody }: Json): Json {
  const hex = (text: string) => Buffer.from(text, 'base64').toString('hex');
  const proof = {
    logIndex: Number(inclusionProof.logIndex),
    treeSize: Number(inclusionProof.treeSize),
    rootHash: hex(inclusionProof.rootHash),
    hashes: inclusionProof.hashes.map(hex),
    checkpoint: inclusionProof.checkpoint.envelope,
  };
  const entry = {
    body: canonicalizedBody,
    integratedTime: Number(integratedTime),
    logID: hex(logId.keyId),
    logIndex: Number(logIndex),
    verification: { inclusionProof: proof, signedEntryTimestamp: inclusionPromise.signedEntryTimestamp },
  };
  return { ['ab'.repeat(40)]: entry };
}
