import { blake2b, blake2s } from '@noble/hashes/blake2.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { md5, ripemd160, sha1 } from '@noble/hashes/legacy.js';
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { scrypt } from '@noble/hashes/scrypt.js';
import { sha224, sha256, sha384, sha512, sha512_224, sha512_256 } from '@noble/hashes/sha2.js';
import { sha3_224, sha3_256, sha3_384, sha3_512, shake128, shake256 } from '@noble/hashes/sha3.js';
import { type NativeRequest, Refused } from './request.ts';

type Hash = Parameters<typeof hmac>[0];

/** By OpenSSL's names. */
const HASHES: Readonly<Record<string, Hash>> = {
  blake2b512: blake2b,
  blake2s256: blake2s,
  md5,
  ripemd160,
  sha1,
  sha224,
  sha256,
  sha384,
  sha512,
  'sha512-224': sha512_224,
  'sha512-256': sha512_256,
  'sha3-224': sha3_224,
  'sha3-256': sha3_256,
  'sha3-384': sha3_384,
  'sha3-512': sha3_512,
};
/** Those whose length a caller may choose. */
const OPEN_ENDED = { shake128, shake256 } as const;
/** Bytes where none is said. */
const SHAKE_BYTES = { shake128: 16, shake256: 32 } as const;

/** `SHA256`, `RSA-SHA256`, `sha-256` and `rmd160` are known to OpenSSL as well. */
function plainName(name: string): string {
  const lower = name.toLowerCase().replace(/^rsa-/u, '');
  if (lower === 'rmd160' || lower === 'ripemd') return 'ripemd160';
  return lower.replace(/^sha-(1|224|256|384|512)$/u, 'sha$1').replace('sha512/', 'sha512-');
}

function hashOf(name: unknown): Hash {
  const plain = plainName(String(name));
  if (Object.hasOwn(HASHES, plain)) return HASHES[plain] as Hash;
  throw new Refused({
    name: 'TypeError',
    message: `Invalid digest: ${String(name)}`,
    code: 'ERR_CRYPTO_INVALID_DIGEST',
  });
}

const numberOf = (value: unknown, standard = 0): number => (typeof value === 'number' ? value : standard);

function digest(name: string, data: Uint8Array, length: unknown): Uint8Array {
  const plain = plainName(name);
  if (plain === 'shake128' || plain === 'shake256') {
    return OPEN_ENDED[plain](data, { dkLen: numberOf(length, SHAKE_BYTES[plain]) });
  }
  if (!Object.hasOwn(HASHES, plain)) {
    throw new Refused({ message: 'Digest method not supported', code: 'ERR_OSSL_EVP_UNSUPPORTED' });
  }
  return hashOf(plain)(data as Uint8Array<ArrayBuffer>);
}

/** Answers one request: `digest`, `hmac`, `pbkdf2`, `scrypt`, `hkdf` give bytes, `hashes` and `block` plain values. */
export function runCrypto(request: NativeRequest, first: Uint8Array, second: Uint8Array): unknown {
  const { op, hash, length } = request;
  switch (op) {
    case 'hashes':
      return [...Object.keys(HASHES), ...Object.keys(OPEN_ENDED)].sort();
    case 'isHash':
      return Object.hasOwn(HASHES, plainName(String(hash))) || Object.hasOwn(OPEN_ENDED, plainName(String(hash)));
    case 'digest':
      return digest(String(hash), first, length);
    case 'hmac':
      return hmac(hashOf(hash), first, second);
    case 'pbkdf2':
      return pbkdf2(hashOf(hash), first, second, { c: numberOf(request['iterations'], 1), dkLen: numberOf(length) });
    case 'scrypt':
      return scrypt(first, second, {
        N: numberOf(request['N'], 16_384),
        r: numberOf(request['r'], 8),
        p: numberOf(request['p'], 1),
        dkLen: numberOf(length),
        maxmem: numberOf(request['maxmem'], 32 * 1024 * 1024) + 1024,
      });
    default: {
      const info = Uint8Array.from(request['info'] as readonly number[]);
      return hkdf(hashOf(hash), first, second, info, numberOf(length));
    }
  }
}
