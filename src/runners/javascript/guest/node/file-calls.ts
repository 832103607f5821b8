import { host } from '../host-calls.ts';

export const HOME = '/mnt/data';
/** That one question to the host may carry. */
export const PIECE_BYTES = 4 * 1024 * 1024;

/** Errors of files as Node words them, with Linux' numbers. */
const ERRORS: Readonly<Record<string, readonly [number, string]>> = {
  ENOENT: [-2, 'no such file or directory'],
  EEXIST: [-17, 'file already exists'],
  ENOTDIR: [-20, 'not a directory'],
  EISDIR: [-21, 'illegal operation on a directory'],
  ENOTEMPTY: [-39, 'directory not empty'],
  ENOSPC: [-28, 'no space left on device'],
  EINVAL: [-22, 'invalid argument'],
  EFBIG: [-27, 'file too large'],
  EIO: [-5, 'i/o error'],
  EPERM: [-1, 'operation not permitted'],
  EBADF: [-9, 'bad file descriptor'],
  EMFILE: [-24, 'too many open files'],
};

export function fileError(code: string, syscall: string, path?: string, to?: string): Error {
  const [errno, text] = ERRORS[code] ?? [-5, 'i/o error'];
  const places = path === undefined ? '' : ` '${path}'${to === undefined ? '' : ` -> '${to}'`}`;
  const error = new Error(`${code}: ${text}, ${syscall}${places}`);
  return Object.assign(error, {
    errno,
    code,
    syscall,
    ...(path === undefined ? {} : { path }),
    ...(to === undefined ? {} : { dest: to }),
  });
}

interface Asked {
  readonly op: string;
  readonly path: string;
  readonly [name: string]: unknown;
}

export interface FileFacts {
  readonly kind: 'file' | 'directory';
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  readonly path: string;
}

let folder = HOME;

/** Where paths begin that name no root: `process.cwd()`. */
export const workingFolder = (): string => folder;
export const goTo = (path: string): void => {
  folder = path;
};

/** The whole path of what a program names: text, a `file:` URL, or bytes. */
export function absolutePath(given: unknown): string {
  let path: string;
  if (typeof given === 'string') path = given;
  else if (given instanceof URL) path = decodeURIComponent(given.pathname);
  else if (given instanceof Uint8Array) path = new TextDecoder().decode(given);
  else
    throw Object.assign(new TypeError('The "path" argument must be of type string.'), { code: 'ERR_INVALID_ARG_TYPE' });
  if (path.startsWith('file://')) path = path.slice(7);
  const parts: string[] = [];
  for (const part of `${path.startsWith('/') ? '' : `${folder}/`}${path}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** Below the tree's root; throws Node's error for places that are none of the program's. */
function below(path: string, syscall: string): string {
  if (path === HOME) return '';
  if (path.startsWith(`${HOME}/`)) return path.slice(HOME.length + 1);
  throw fileError(['/', '/mnt'].includes(path) ? 'EPERM' : 'ENOENT', syscall, path);
}

/** Asks the worker; throws the file's error as Node would. */
export function callFile(
  syscall: string,
  asked: Asked,
  bytes?: Uint8Array,
): { readonly [name: string]: unknown } | Uint8Array {
  const to = typeof asked['to'] === 'string' ? asked['to'] : undefined;
  const request = {
    ...asked,
    path: below(asked.path, syscall),
    ...(to === undefined ? {} : { to: below(to, syscall) }),
  };
  const answer = bytes ? host.file(JSON.stringify(request), bytes) : host.file(JSON.stringify(request));
  if (typeof answer !== 'string') return answer;
  const parsed = JSON.parse(answer) as { readonly errno?: string };
  if (parsed.errno !== undefined) throw fileError(parsed.errno, syscall, asked.path, to);
  return parsed;
}

export function factsOf(path: string, syscall: string): FileFacts {
  return callFile(syscall, { op: 'stat', path }) as unknown as FileFacts;
}

export function readBytes(path: string, syscall: string, position: number, length: number): Uint8Array {
  return callFile(syscall, { op: 'read', path, position, length }) as Uint8Array;
}
