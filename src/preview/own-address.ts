/** The names of the guest itself: all mean the same server. */
const LOCAL = new Set(['127.0.0.1', '0.0.0.0', '[::1]']);

/** An address of the server at `origin`, as it is read from `base`; null for what is elsewhere or no address. */
export function ownAddress(address: string, base: string, origin: string): URL | null {
  if (!URL.canParse(address, base)) return null;
  const url = new URL(address, base);
  if (LOCAL.has(url.hostname)) url.hostname = 'localhost';
  return url.origin === origin ? url : null;
}
