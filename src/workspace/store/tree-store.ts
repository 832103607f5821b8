import { Blobs } from './blobs.ts';
import { FileFailure } from './file-failure.ts';
import { DamagedFiles, mend } from './damaged-files.ts';
import { isCutShort, type LogRecord, pathsIn, type RecordMeta } from './log-records.ts';
import type { OpenFiles } from './open-files.ts';
import { type OpfsDirectory, writeAll } from './opfs-handles.ts';
import { TreeLog } from './tree-log.ts';
import { cutPieces, type FileNode, nodesBelow, type Piece, TreeState } from './tree-state.ts';

/** The small files' bytes of a log that is being made anew, in the order of the log. */
type Moved = readonly (readonly [FileNode, Piece])[];

const logName = (generation: number): string => `log-${generation}`;

/** A tree that is open: what it is, the log that says so, and its large files. */
export interface TreeStore {
  readonly state: TreeState;
  readonly blobs: Blobs;
  readonly damaged: DamagedFiles;
  log: TreeLog;
  generation: number;
  readonly directory: OpfsDirectory;
  readonly open: OpenFiles;
}

/**
 * Opens the tree of a folder, or begins one: then `isNew`, and its log counts only after `log.complete()`. Rejects with
 * the store's own error, and with EIO for a log that cannot be understood.
 */
export async function openStore(
  directory: OpfsDirectory,
  open: OpenFiles,
): Promise<{ store: TreeStore; isNew: boolean }> {
  const names: string[] = [];
  for await (const entry of directory.values()) names.push(entry.name);
  const generations = names
    .map((name) => Number(/^log-(\d+)$/.exec(name)?.[1] ?? '0'))
    .filter((generation) => generation > 0)
    .sort((one, other) => other - one);
  const opened = await latestLog(directory, open, generations);
  const damaged = await DamagedFiles.open(directory, open, names);
  const state = new TreeState();
  const store: TreeStore = {
    state,
    blobs: new Blobs(directory, open, (blob) => damaged.add(pathOfBlob(state, blob))),
    damaged,
    log: opened?.log ?? (await startLog(directory, open, 1)),
    generation: opened?.generation ?? 1,
    directory,
    open,
  };
  let isDamaged = false;
  try {
    if (opened) {
      isDamaged = await replay(store);
      for (const older of generations) if (older < opened.generation) await directory.removeEntry(logName(older));
    }
    // Behind damage the log may have named more large files: none of them is removed then.
    await store.blobs.found(names, new Set(blobsOf(store.state).keys()), !isDamaged);
    await damaged.keep();
  } catch (error) {
    store.log.close();
    throw error;
  }
  return { store, isNew: opened === null };
}

/** Large files by their numbers, with their paths. */
function blobsOf(state: TreeState): ReadonlyMap<number, string> {
  const blobs = new Map<number, string>();
  for (const [path, node] of nodesBelow(state.root)) {
    if (node.kind === 'file' && node.content.kind === 'blob') blobs.set(node.content.blob, path);
  }
  return blobs;
}

const pathOfBlob = (state: TreeState, blob: number): string => blobsOf(state).get(blob) ?? '';

async function startLog(directory: OpfsDirectory, open: OpenFiles, generation: number): Promise<TreeLog> {
  const access = await open.openLog(await directory.getFileHandle(logName(generation), { create: true }));
  try {
    return TreeLog.start(access);
  } catch (error) {
    access.close();
    throw error;
  }
}

async function latestLog(directory: OpfsDirectory, open: OpenFiles, generations: readonly number[]) {
  for (const generation of generations) {
    const access = await open.openLog(await directory.getFileHandle(logName(generation)));
    let log: TreeLog | null = null;
    try {
      log = TreeLog.reopen(access);
      if (log !== null) return { log, generation };
    } finally {
      if (log === null) access.close();
    }
    await directory.removeEntry(logName(generation));
  }
  return null;
}

/** Answers whether anything of the log was lost. */
async function replay(store: TreeStore): Promise<boolean> {
  const { damaged, log, state } = store;
  /** Of this log alone: what is known from before may be younger than its first records. */
  const paths = new Set<string>();
  let isDamaged = false;
  let lost: Uint8Array | null = null;
  const records = log.replay({
    onBad(bytes) {
      isDamaged = true;
      // What it says of itself stands before the bytes of its file, which may say anything.
      paths.add(pathsIn(bytes)[0] ?? '');
    },
    onTail(tail) {
      const named = pathsIn(tail);
      // What a death leaves. Everything else was written once: it is not thrown away.
      if (!isDamaged && isCutShort(tail) && named.length < 2) return;
      isDamaged = true;
      lost = tail;
      for (const path of named.length === 0 ? [''] : named) paths.add(path);
    },
  });
  for (const record of records) {
    try {
      const isMending = paths.size > 0 && mends(state, record.meta);
      applyRecord(state, record);
      if (isMending) mend(paths, record.meta.op === 'rename' ? record.meta : { op: 'anew', path: record.meta.path });
    } catch (error) {
      if (!(error instanceof FileFailure)) throw error;
      isDamaged = true;
      paths.add(record.meta.path);
    }
  }
  for (const path of paths) damaged.add(path);
  if (lost !== null) await keepDamaged(store, lost);
  return isDamaged;
}

/** Whether nothing of what was there before is left under the record's path once it is applied. */
function mends(state: TreeState, meta: RecordMeta): boolean {
  if (meta.op === 'write') return meta.cut === 0 || (meta.position === 0 && !state.has(meta.path));
  return meta.op === 'rename' || meta.op === 'remove' || (meta.op === 'blob' && meta.size === 0);
}

async function keepDamaged({ directory, open, generation, log }: TreeStore, tail: Uint8Array): Promise<void> {
  const name = `damaged-${generation}-${log.sizeBytes}`;
  const access = await open.openLog(await directory.getFileHandle(name, { create: true }));
  try {
    writeAll(access, tail, 0);
    access.flush();
  } finally {
    access.close();
  }
}

/** The same change for an operation that was just done and for one that is read back. Throws what the tree refuses. */
export function applyRecord(state: TreeState, { meta, payloadAt, payloadLength }: LogRecord): void {
  switch (meta.op) {
    case 'mkdir':
      return state.makeDirectory(meta.path, meta.at);
    case 'rename':
      return state.rename(meta.path, meta.to, meta.at);
    case 'remove':
      return state.remove(meta.path, meta.at);
    case 'blob':
      return void state.setFile(meta.path, meta.size, { kind: 'blob', blob: meta.blob }, meta.at);
    case 'write':
      return applyWrite(state, meta, payloadAt, payloadLength);
  }
}

type WriteMeta = Extract<RecordMeta, { op: 'write' }>;

function applyWrite(state: TreeState, meta: WriteMeta, logAt: number, length: number): void {
  const node = state.fileAt(meta.path);
  const before = node?.content.kind === 'pieces' ? node.content.pieces : [];
  const cut = meta.cut ?? node?.sizeBytes ?? 0;
  const sizeBytes = Math.max(cut, length === 0 ? 0 : meta.position + length);
  const coversAll = meta.position === 0 && length === sizeBytes;
  const pieces = coversAll ? [] : cutPieces(before, cut);
  if (length > 0) pieces.push({ fileAt: meta.position, length, logAt });
  state.setFile(meta.path, sizeBytes, { kind: 'pieces', pieces }, meta.at);
}

/** Bytes `position` to `position + into.length` of a small file. */
export function readPieces(log: TreeLog, pieces: readonly Piece[], position: number, into: Uint8Array): void {
  for (const piece of pieces) {
    const from = Math.max(piece.fileAt, position);
    const until = Math.min(piece.fileAt + piece.length, position + into.length);
    if (from >= until) continue;
    log.read(into.subarray(from - position, until - position), piece.logAt + from - piece.fileAt);
  }
}

/** What the log would take if it held nothing but the tree as it is. */
export function neededBytes(state: TreeState): number {
  let bytes = 0;
  for (const [path, node] of nodesBelow(state.root)) {
    bytes += 128 + path.length;
    if (node.kind === 'file' && node.content.kind === 'pieces') bytes += node.sizeBytes;
  }
  return bytes;
}

/** Writes the tree into a log of its own and changes over to it. Until the new one is complete, the old one counts. */
export async function compact(store: TreeStore): Promise<void> {
  const { directory, open } = store;
  const generation = store.generation + 1;
  const log = await startLog(directory, open, generation);
  let moved: Moved;
  try {
    moved = writeWhole(store, log);
    log.complete();
  } catch (error) {
    log.close();
    await directory.removeEntry(logName(generation));
    throw error;
  }
  for (const [node, piece] of moved) node.content = { kind: 'pieces', pieces: piece.length > 0 ? [piece] : [] };
  const former = logName(store.generation);
  store.log.close();
  store.log = log;
  store.generation = generation;
  try {
    await directory.removeEntry(former);
  } catch (error) {
    console.warn('file log: a former one stays until the tree is opened again', error);
  }
}

function writeWhole(store: TreeStore, log: TreeLog): Moved {
  const moved: (readonly [FileNode, Piece])[] = [];
  for (const [path, node] of nodesBelow(store.state.root)) {
    const at = node.modifiedAtMs;
    if (node.kind === 'directory') log.append({ op: 'mkdir', path, at });
    else if (node.content.kind === 'blob') {
      log.append({ op: 'blob', path, blob: node.content.blob, size: node.sizeBytes, at });
    } else {
      const bytes = new Uint8Array(node.sizeBytes);
      readPieces(store.log, node.content.pieces, 0, bytes);
      const logAt = log.append({ op: 'write', path, position: 0, cut: 0, at }, bytes);
      moved.push([node, { fileAt: 0, length: bytes.length, logAt }]);
    }
  }
  return moved;
}
