import { type Fd, WASI, WASIProcExit, wasi } from '@bjorn3/browser_wasi_shim';
import { type EngineHost, FileError, OpenFiles } from '../../kit/worker/index.ts';
import type { RunWish } from './program.ts';
import { RunStopped } from './run-ends.ts';
import { type LastLine, Printed, Typed } from './stdio.ts';
import { errnoOf } from './tree-errno.ts';
import { createFileMarks } from './filestat.ts';
import { TreeFolder } from './tree-folder.ts';
import type { Suspender } from './suspend.ts';
import { createPoll, createWaitingPoll } from './wasi-poll.ts';
import { resolvePath } from './wasi-path.ts';

export const WASI_MODULE = 'wasi_snapshot_preview1';
const RANDOM_PIECE_BYTES = 65_536;

type Call = (...given: never[]) => unknown;

export interface WasiWorld {
  readonly imports: WebAssembly.ModuleImports;
  /** Must be called before the program runs. */
  connect(memory: WebAssembly.Memory): void;
}

/** The exit code of a program that ended itself; null for anything else that was thrown. */
export const exitCodeOf = (thrown: unknown): number | null => (thrown instanceof WASIProcExit ? thrown.code | 0 : null);

/**
 * WASI preview 1 by the shim, with streams and files of this session, and with what the shim 0.4.2 lacks or has wrong
 * (decision 0041). Folders are open only where the run wishes it.
 */
export function createWasi(
  host: EngineHost,
  wish: RunWish,
  { programName, suspender }: { readonly programName: string; readonly suspender: Suspender | null },
): WasiWorld {
  const last: LastLine = { text: '' };
  const typed = new Typed(host, last);
  const fds: Fd[] = [typed, new Printed(host, 1, last), new Printed(host, 2, last)];
  if (wish.hasFiles) {
    const [marks, files, { tree }] = [createFileMarks(), new OpenFiles(), host];
    // By its place, and as the root of everything: libraries look for relative paths below that.
    for (const name of [host.mountPath, '/']) {
      fds.push(new TreeFolder({ tree, files, marks, path: '', name }));
    }
  }
  const args = [programName, ...wish.args];
  const shim = new WASI(args, [...wish.env], fds, { debug: false });
  const memoryNow = (): ArrayBuffer => shim.inst.exports.memory.buffer;
  const view = (): DataView => new DataView(memoryNow());
  const textAt = (pointer: number, length: number): string =>
    new TextDecoder().decode(new Uint8Array(memoryNow(), pointer, length));
  const open = (fd: number): Fd | undefined => shim.fds[fd];
  const folder = (fd: number): TreeFolder | number => {
    const found = open(fd);
    if (!found) return wasi.ERRNO_BADF;
    return found instanceof TreeFolder ? found : wasi.ERRNO_NOTDIR;
  };
  const socket = (fd: number): number => (open(fd) ? wasi.ERRNO_NOTSOCK : wasi.ERRNO_BADF);

  const polling = { host, view, isOpen: (fd: number) => open(fd) !== undefined };

  /** The shim would write less than was said where a piece ends behind the memory. */
  const withinMemory =
    (name: string) =>
    (fd: number, pieces: number, count: number, ...rest: (number | bigint)[]): unknown => {
      const words = view();
      for (let at = pieces; at < pieces + count * 8; at += 8) {
        const end = words.getUint32(at, true) + words.getUint32(at + 4, true);
        if (end > words.byteLength) return wasi.ERRNO_FAULT;
      }
      return shim.wasiImport[name]?.(fd, pieces, count, ...rest);
    };

  const mended = {
    fd_read: withinMemory('fd_read'),
    fd_pread: withinMemory('fd_pread'),
    fd_write: withinMemory('fd_write'),
    fd_pwrite: withinMemory('fd_pwrite'),
    args_sizes_get(count: number, bytes: number) {
      const sizes = args.map((arg) => new TextEncoder().encode(arg).length + 1);
      view().setUint32(count, args.length, true);
      view().setUint32(
        bytes,
        sizes.reduce((sum, size) => sum + size, 0),
        true,
      );
      return wasi.ERRNO_SUCCESS;
    },
    random_get(pointer: number, length: number) {
      const bytes = new Uint8Array(memoryNow(), pointer, length);
      for (let at = 0; at < length; at += RANDOM_PIECE_BYTES) {
        crypto.getRandomValues(bytes.subarray(at, at + RANDOM_PIECE_BYTES));
        if (host.shouldStop()) throw new RunStopped();
      }
      return wasi.ERRNO_SUCCESS;
    },
    clock_res_get(id: number, pointer: number) {
      if (id < 0 || id > wasi.CLOCKID_THREAD_CPUTIME_ID) return wasi.ERRNO_INVAL;
      view().setBigUint64(pointer, id === wasi.CLOCKID_REALTIME ? 1_000_000n : 5_000n, true);
      return wasi.ERRNO_SUCCESS;
    },
    clock_time_get(id: number, _precision: bigint, pointer: number) {
      if (id < 0 || id > wasi.CLOCKID_THREAD_CPUTIME_ID) return wasi.ERRNO_INVAL;
      view().setBigUint64(pointer, nanosecondsNow(id), true);
      return wasi.ERRNO_SUCCESS;
    },
    sched_yield: () => wasi.ERRNO_SUCCESS,
    proc_raise: () => wasi.ERRNO_NOTSUP,
    poll_oneoff: createPoll(polling),
    fd_advise(fd: number, offset: bigint, length: bigint, advice: number) {
      const found = open(fd);
      if (!found) return wasi.ERRNO_BADF;
      if (found instanceof TreeFolder) return wasi.ERRNO_BADF;
      return advice > wasi.ADVICE_NOREUSE || offset < 0n || length < 0n ? wasi.ERRNO_INVAL : wasi.ERRNO_SUCCESS;
    },
    fd_close(fd: number) {
      const found = open(fd);
      if (!found) return wasi.ERRNO_BADF;
      Reflect.deleteProperty(shim.fds, fd);
      return found.fd_close();
    },
    fd_renumber(from: number, to: number) {
      const found = open(from);
      const replaced = open(to);
      if (!found || !replaced) return wasi.ERRNO_BADF;
      if (from === to) return wasi.ERRNO_SUCCESS;
      replaced.fd_close();
      shim.fds[to] = found;
      Reflect.deleteProperty(shim.fds, from);
      return wasi.ERRNO_SUCCESS;
    },
    path_link: (fd: number) => (open(fd) ? wasi.ERRNO_NOTSUP : wasi.ERRNO_BADF),
    path_symlink: (_old: number, _oldLength: number, fd: number) => (open(fd) ? wasi.ERRNO_NOTSUP : wasi.ERRNO_BADF),
    path_readlink(fd: number, path: number, length: number) {
      const found = folder(fd);
      if (typeof found === 'number') return found;
      const { ret } = found.path_filestat_get(0, textAt(path, length));
      return ret === wasi.ERRNO_SUCCESS ? wasi.ERRNO_INVAL : ret;
    },
    path_rename(fd: number, path: number, length: number, toFd: number, toPath: number, toLength: number) {
      const from = folder(fd);
      const to = folder(toFd);
      if (typeof from === 'number') return from;
      if (typeof to === 'number') return to;
      return rename(from, textAt(path, length), to, textAt(toPath, toLength));
    },
    sock_accept: socket,
    sock_recv: socket,
    sock_send: socket,
    sock_shutdown: socket,
  };
  const all: Record<string, Call> = { ...shim.wasiImport, ...mended };
  const imports: WebAssembly.ModuleImports = {};
  for (const [name, call] of Object.entries(all)) imports[name] = guarded(call, host);
  if (suspender) {
    const read = imports['fd_read'] as (fd: number, ...rest: number[]) => number;
    imports['fd_read'] = suspender.waiting(async (fd: number, ...rest: number[]) => {
      if (open(fd) === typed) await typed.prepare();
      return read(fd, ...rest);
    });
    imports['poll_oneoff'] = suspender.waiting(createWaitingPoll(polling));
  }
  return {
    imports,
    connect(memory) {
      shim.inst = { exports: { memory } };
    },
  };
}

/** A pointer out of the memory is the program's fault, and its business; a stop ends it here, where it comes by. */
function guarded(call: Call, host: EngineHost): (...given: never[]) => unknown {
  return (...given) => {
    if (host.shouldStop()) throw new RunStopped();
    try {
      return call(...given);
    } catch (thrown) {
      if (thrown instanceof RangeError && !/call stack/u.test(thrown.message)) return wasi.ERRNO_FAULT;
      throw thrown;
    }
  };
}

function nanosecondsNow(clock: number): bigint {
  if (clock === wasi.CLOCKID_REALTIME) return BigInt(Date.now()) * 1_000_000n;
  return BigInt(Math.round(performance.now() * 1e6));
}

function rename(from: TreeFolder, given: string, to: TreeFolder, target: string): number {
  const source = resolvePath(from.tree, from.path, given);
  if (source.ret !== wasi.ERRNO_SUCCESS) return source.ret;
  const place = resolvePath(to.tree, to.path, target);
  if (place.ret !== wasi.ERRNO_SUCCESS) return place.ret;
  let isFile = false;
  const ret = errnoOf(() => {
    isFile = from.tree.stat(source.path).kind === 'file';
  });
  if (ret !== wasi.ERRNO_SUCCESS) return ret;
  if (isFile && (source.isFolder || place.isFolder)) return wasi.ERRNO_NOTDIR;
  if (!isFile && `${place.path}/`.startsWith(`${source.path}/`)) {
    return place.path === source.path ? wasi.ERRNO_SUCCESS : wasi.ERRNO_INVAL;
  }
  return errnoOf(() => {
    if (to.tree.exists(place.path)) {
      const isFileThere = to.tree.stat(place.path).kind === 'file';
      if (isFile && !isFileThere) throw new FileError('EISDIR', place.path);
      if (!isFile && isFileThere) throw new FileError('ENOTDIR', place.path);
      if (!isFile && to.tree.list(place.path).length > 0) throw new FileError('ENOTEMPTY', place.path);
    }
    from.files.rename(from.tree, source.path, place.path);
  });
}
