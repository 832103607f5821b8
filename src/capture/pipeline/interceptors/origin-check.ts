import { parseAddress } from './address.ts';
import { PASS, type Interceptor } from './interceptor.ts';

const SITES: ReadonlySet<string> = new Set(['https://chatgpt.com', 'https://chat.openai.com']);
const SOCKET_HOST = /^(.+\.)?(chatgpt\.com|chat\.openai\.com|webpubsub\.azure\.com)$/;

/** Lets only bodies of the site and its sockets in. The address is the page's claim; nothing but decoding rests on it. */
export function createOriginCheck(): Interceptor {
  // Thousands of frames come from one socket; its address is looked at once.
  let lastSocket: { readonly address: string; readonly isOurs: boolean } = { address: '', isOurs: false };
  const isOurSocket = (address: string): boolean => {
    if (address !== lastSocket.address) lastSocket = { address, isOurs: isSocketOfSite(address) };
    return lastSocket.isOurs;
  };
  return {
    id: 'origin-check',
    intercept: ({ envelope }) => {
      if (envelope.kind !== 'open' && envelope.kind !== 'socket') return PASS;
      const isOurs = envelope.kind === 'open' ? isBodyOfSite(envelope.url) : isOurSocket(envelope.url);
      return isOurs ? PASS : { kind: 'block', reason: 'foreign_origin' };
    },
  };
}

function isBodyOfSite(address: string): boolean {
  const url = parseAddress(address);
  return url !== null && SITES.has(url.origin);
}

function isSocketOfSite(address: string): boolean {
  const url = parseAddress(address);
  return url?.protocol === 'wss:' && SOCKET_HOST.test(url.hostname);
}
