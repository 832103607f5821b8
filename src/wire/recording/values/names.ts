import { decodeSegment } from '../../../base/index.ts';
import { QUIET_TYPES } from '../../event-stream/sideband.ts';
import { isKnownContent, isPythonTool, pythonSign } from '../../message/index.ts';
import { KNOWN_HOSTS, ORIGINS, PAGING_PARAMETERS, SPOKEN_IDS, TOOLS } from './vocabulary.ts';
import { areKnownParts, isKnownKey, isKnownPart, isKnownWord, isPath, partsOfWord } from './words.ts';

const TOPIC = /^(?:conversation|conv)-turn-(?:(?:low|high|short|long)-)?(?:ttl-)?(?=.)/;
const FILE = /^file[-_](?=.)/;
const WORK = /^WEB:(?=.)/;
const POINTER = /^((?:file-service|sediment):\/\/)(\S+)$/;
const LONGEST_POINTER = 256;
const ADDRESS = /^([a-z][a-z+.-]*:\/\/)([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?$/is;
const LOCAL_ADDRESS = /^()()(\/[^?#]*)(\?[^#]*)?(#.*)?$/s;
const ROUTE_WORD = /^[a-z][a-z_-]{0,24}$/;
const LONGEST_WORD = 80;

export type Names = ReturnType<typeof createNames>;

const isPlainValue = (name: string, value: string): boolean =>
  /^(?:true|false)?$/.test(value) || (PAGING_PARAMETERS.has(name) && /^\d{1,4}$/.test(value));

/** Gives each value a short name of its own, the same one wherever it comes back. */
function numbered(prefix: string) {
  const known = new Map<string, string>();
  return {
    of(value: string): string {
      const name = known.get(value) ?? prefix + (known.size + 1).toString(36);
      known.set(value, name);
      return name;
    },
    has: (value: string): boolean => known.has(value),
  };
}

/** What stands for ids, words, keys, hosts and addresses of a recording. Equal stays equal, different stays different. */
export function createNames() {
  const ids = numbered('i');
  const files = numbered('');
  const words = numbered('w');
  const keys = numbered('k');
  const hosts = numbered('h');

  /** As long as it was: where its address is the text of a message, more text may follow. */
  const file = (value: string): string => {
    const prefix = FILE.exec(value)?.[0] ?? '';
    const rest = value.slice(prefix.length);
    return prefix + files.of(rest).padStart(rest.length, '0');
  };

  const id = (value: string): string => {
    if (value === '' || SPOKEN_IDS.has(value)) return value;
    const pointer = POINTER.exec(value);
    if (pointer) return `${pointer[1] ?? ''}${file(pointer[2] ?? '')}`;
    if (FILE.test(value)) return file(value);
    const prefix = (TOPIC.exec(value) ?? WORK.exec(value))?.[0] ?? '';
    return prefix + ids.of(value.slice(prefix.length));
  };

  const wordPart = (part: string): string => (part === '' || isKnownPart(part) ? part : words.of(part));

  /** What speaks of Python in a name is of our own list, and what a recording may be made for. */
  const withSign = (value: string, shown: string): string => {
    const sign = pythonSign(value);
    return sign === null || pythonSign(shown)?.word === sign.word ? shown : `${shown}_${sign.word}`;
  };

  /** A word of the protocol: the parts that are known stay, numbers only where all is known. */
  const word = (value: string): string => {
    if (QUIET_TYPES.has(value) || isKnownContent(value) || isKnownWord(value)) return value;
    if (value.length > LONGEST_WORD || isPath(value)) return withSign(value, words.of(value));
    const parts = partsOfWord(value).map((part, at) => (at % 2 === 1 ? part : wordPart(part)));
    return withSign(value, parts.join(''));
  };

  /** As long as it was: the keys of a call are the text of a message. */
  const key = (value: string): string => {
    if (isKnownKey(value)) return value;
    return ids.has(value) ? id(value) : keys.of(value).padEnd(value.length, '_');
  };

  const segment = (raw: string): string => {
    if (raw === '' || /^\d{1,4}$|^-$/.test(raw)) return raw;
    const plain = raw.includes('~') ? raw.replaceAll('~1', '/').replaceAll('~0', '~') : raw;
    return key(plain).replaceAll('~', '~0').replaceAll('/', '~1');
  };

  const routePart = (part: string): string => {
    if (part === '' || (ROUTE_WORD.test(part) && areKnownParts(part.split(/[_-]/)))) return part;
    return id(decodeSegment(part));
  };

  const parameter = (pair: string): string => {
    const [name = '', ...rest] = pair.split('=');
    const isKnown = isKnownKey(name);
    const shown = isKnown ? name : keys.of(decodeSegment(name));
    if (rest.length === 0) return shown;
    const value = decodeSegment(rest.join('='));
    return `${shown}=${isKnown && isPlainValue(name, value) ? value : id(value)}`;
  };

  return {
    id,
    key,
    isId: (value: string): boolean => ids.has(value),
    isPointer: (value: string): boolean => value.length <= LONGEST_POINTER && POINTER.test(value),
    word,
    /** Where something comes from: a word of the protocol, or the name of a person or a place. */
    origin: (value: string): string => (ORIGINS.has(value) ? value : words.of(value)),
    /** Who wrote a message: a tool, or the name of a person. */
    author(value: string): string {
      const [tool = ''] = value.split('.');
      return isPythonTool(value) || TOOLS.has(tool) ? word(value) : withSign(value, words.of(value));
    },
    /** The path of an operation: a JSON pointer, or something that is none and stays none. */
    path(value: string): string {
      if (!value.startsWith('/')) return value === '' ? '' : words.of(value);
      return value.split('/').map(segment).join('/');
    },
    /** Null where the text is no address. Its route stays, what names something in it is replaced. */
    address(value: string): string | null {
      const match = ADDRESS.exec(value) ?? LOCAL_ADDRESS.exec(value);
      if (!match) return null;
      const [, scheme = '', host = '', path = '', query, hash] = match;
      const shownHost = host === '' || KNOWN_HOSTS.has(host) ? host : `${hosts.of(host)}.example`;
      const route = path.split('/').map(routePart).join('/');
      const parameters = query === undefined ? '' : `?${query.slice(1).split('&').map(parameter).join('&')}`;
      return `${scheme.toLowerCase()}${shownHost}${route}${parameters}${hash === undefined ? '' : '#'}`;
    },
  };
}
