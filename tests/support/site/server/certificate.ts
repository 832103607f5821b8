import { createHash, createPublicKey } from 'node:crypto';
import { generate } from 'selfsigned';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** Base64 of the SHA-256 of the public key, as Chromium's list of trusted keys wants it. */
  readonly spki: string;
}

let made: Promise<Certificate> | null = null;

/** One certificate a process, for the site's names only. */
export function ensureCertificate(): Promise<Certificate> {
  made ??= makeCertificate();
  return made;
}

async function makeCertificate(): Promise<Certificate> {
  const names = ['chatgpt.com', '*.chatgpt.com', 'chat.openai.com', '*.oaiusercontent.com', 'localhost'];
  const pems = await generate([{ name: 'commonName', value: 'chatgpt.com' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: names.map((value) => ({ type: 2 as const, value })) }],
  });
  const spki = createPublicKey(pems.cert).export({ type: 'spki', format: 'der' });
  return { key: pems.private, cert: pems.cert, spki: createHash('sha256').update(spki).digest('base64') };
}
