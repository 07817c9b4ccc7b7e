/** Entries that are read and understood, of a bare key, and so of no interest to any rule. */
export function noise(text: string, count: number): Buffer[] {
  return Array.from({ length: count }, (_, i) => {
    const base64 = Buffer.from(`${text} ${i}`).toString('base64');
    return hashedRekord(`"publicKey":{"rawBytes":"${base64}"}`, base64);
  });
}

/** @param verifier what names the signer, as JSON behind `keyDetails`. */
export function hashedRekord(verifier: string, base64 = Buffer.from('signed').toString('base64')): Buffer {
  return Buffer.from(
    `{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{"data":{"algorithm":"SHA2_256","digest":"${base64}"},` +
      `"signature":{"content":"${base64}","verifier":{"keyDetails":"PKIX_ECDSA_P256_SHA_256",${verifier}}}}}}`,
  );
}
