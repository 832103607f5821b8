import { fail, ok, type Result } from '../base/index.ts';
import { type AppError, appError } from './errors.ts';
import { LIMITS } from './limits.ts';

/** Names that lead into a person's own network: RFC 6761, 6762, 8375 and what routers hand out. */
const PRIVATE_NAMES = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home|corp|private|home\.arpa|onion)$/u;
/** A private IPv4 address as labels of a public name, as services that answer with it have them (`127.0.0.1.nip.io`). */
const EMBEDDED =
  /(?:^|[.-])(?:127|10|169[.-]254|192[.-]168|172[.-](?:1[6-9]|2\d|3[01]))(?:[.-]\d{1,3}){1,3}(?:[.-]|$)/u;

/**
 * True for hosts that lie, or by their name may lie, on this device or its own network: RFC 1918, loopback, link-local,
 * carrier-grade NAT, unique local IPv6, special names, names of one label. `host` as a URL gives it (lower case, canonical).
 */
export function isPrivateHost(host: string): boolean {
  const name = host.replace(/\.$/u, '');
  if (name.startsWith('[')) return isPrivateV6(name.slice(1, -1));
  const four = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/u.exec(name);
  if (four) return isPrivateV4(Number(four[1]), Number(four[2]));
  return !name.includes('.') || PRIVATE_NAMES.test(name) || EMBEDDED.test(name);
}

function isPrivateV4(first: number, second: number): boolean {
  if (first === 0 || first === 10 || first === 127 || first >= 224) return true;
  if (first === 100) return second >= 64 && second <= 127;
  if (first === 169) return second === 254;
  if (first === 172) return second >= 16 && second <= 31;
  return first === 192 && second === 168;
}

/** Only global unicast (2000::/3) is public; forms that hold an IPv4 address (6to4, Teredo, NAT64, mapped) are not told apart. */
function isPrivateV6(address: string): boolean {
  return !/^[23]/u.test(address) || /^(?:2002:|2001:0?:|2001::)/u.test(address);
}

/** After the name of a private host: all its ports. */
const ANY_PORT = ':*';

/**
 * The origins that a person means by `api.example.org`, `example.org:8443` or `http://localhost:8000`. Where no scheme is
 * named it is https, for a private host http as well: few of them have certificates. A private host may have `:*`, all its
 * ports. `settings/bad-value` with the text where it is none, or holds more than an origin.
 */
export function originsOf(text: string): Result<readonly string[], AppError> {
  const typed = text.trim();
  const hasAnyPort = typed.endsWith(ANY_PORT);
  const name = hasAnyPort ? typed.slice(0, -ANY_PORT.length) : typed;
  const bad = fail(appError('settings/bad-value', typed.slice(0, 100)));
  const hasScheme = /^[a-z][a-z\d+.-]*:\/\//iu.test(name);
  const url = bareOrigin(hasScheme ? name : `https://${name}`);
  if (url === null) return bad;
  const isPrivate = isPrivateHost(url.hostname);
  if (hasAnyPort && (!isPrivate || url.port !== '')) return bad;
  const rest = hasAnyPort ? url.hostname + ANY_PORT : url.host;
  if (hasScheme) return ok([`${url.protocol}//${rest}`]);
  return ok(isPrivate ? [`https://${rest}`, `http://${rest}`] : [`https://${rest}`]);
}

/** Whether an address is one of these origins. */
export function isAllowed(origins: readonly string[], { origin, protocol, hostname }: URL): boolean {
  return origins.includes(origin) || origins.includes(`${protocol}//${hostname}${ANY_PORT}`);
}

/** As a person would type it, https unsaid; and whether it lies on their own network. */
export function shownOrigin(origin: string): { readonly text: string; readonly isPrivate: boolean } {
  const { protocol, hostname } = new URL(origin.endsWith(ANY_PORT) ? origin.slice(0, -ANY_PORT.length) : origin);
  const text = protocol === 'https:' ? origin.slice('https://'.length) : origin;
  return { text, isPrivate: isPrivateHost(hostname) };
}

/** Null unless it is scheme, host and port and nothing else. */
function bareOrigin(address: string): URL | null {
  const isPlain = address.length <= 300 && !/[*\s@\\]/u.test(address);
  const url = isPlain && URL.canParse(address) ? new URL(address) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null;
  return url.hostname !== '' && url.pathname === '/' && url.search + url.hash + url.username === '' ? url : null;
}

/** The origins that a person named, each once. The first bad one refuses all. */
export function ownOrigins(hosts: readonly string[]): Result<readonly string[], AppError> {
  const origins = new Set<string>();
  for (const host of hosts) {
    const named = originsOf(host);
    if (!named.ok) return named;
    for (const origin of named.value) origins.add(origin);
  }
  if (origins.size > LIMITS.networkHosts.standard) return fail(appError('settings/bad-value', 'too many hosts'));
  return ok([...origins]);
}
