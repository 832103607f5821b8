import type { FileOperation } from '../../contracts/files.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { refuse } from './file-failure.ts';
import type { RecordMeta } from './log-records.ts';
import { type SyncAccess, writeAll } from './opfs-handles.ts';
import { applyRecord, readPieces, type TreeStore } from './tree-store.ts';
import type { FileNode, TreeState } from './tree-state.ts';

type Read = Extract<FileOperation, { op: 'read' }>;
type Write = Extract<FileOperation, { op: 'write' }>;

const NOTHING: Uint8Array = new Uint8Array(0);
/** One read may ask for this much at most. */
const READ_BYTES = 64 * 1024 * 1024;
/** Files up to this size lie in the log, where writing one costs a hundredth; larger ones would be copied too often. */
const SMALL_BYTES = 64 * 1024;
/** A small file that was written in more pieces is written whole, so that reading it stays quick. */
const MOST_PIECES = 64;

/** A write, and what it makes of its file. */
interface Change {
  readonly path: string;
  readonly node: FileNode | undefined;
  readonly position: number;
  readonly bytes: Uint8Array;
  /** The size that the file is given before the bytes go in, and the size after. */
  readonly cut: number;
  readonly sizeBytes: number;
  readonly at: number;
}

/** In the log first, then in memory: who reads the log back comes to the same tree. */
export function record(store: TreeStore, meta: RecordMeta, payload = NOTHING): void {
  const payloadAt = store.log.append(meta, payload);
  applyRecord(store.state, { meta, payloadAt, payloadLength: payload.length });
}

export function dropBlob(store: TreeStore, { content }: Pick<FileNode, 'content'>): void {
  if (content.kind === 'blob') store.blobs.drop(content.blob);
}

export async function flushed(store: TreeStore): Promise<void> {
  store.blobs.flush();
  store.log.flush();
  await store.blobs.sweep();
}

export async function read(store: TreeStore, { path, position, length }: Read): Promise<Uint8Array> {
  if (!isSize(position) || !isSize(length) || length > READ_BYTES) return refuse('EINVAL');
  const node = store.state.node(path);
  if (node.kind === 'directory') return refuse('EISDIR');
  const bytes = new Uint8Array(Math.max(0, Math.min(length, node.sizeBytes - position)));
  if (bytes.length === 0) return bytes;
  await readInto(store, node, position, bytes);
  return bytes;
}

async function readInto(store: TreeStore, node: FileNode, position: number, into: Uint8Array): Promise<void> {
  if (node.content.kind === 'pieces') return readPieces(store.log, node.content.pieces, position, into);
  const access = await store.blobs.access(node.content.blob, node.sizeBytes);
  if (access.read(into, { at: position }) < into.length) refuse('EIO');
}

function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/** `mostBytes` bounds all files of the tree together. Throws what a program is told; then nothing has changed. */
export async function write(store: TreeStore, operation: Write, at: number, mostBytes: number): Promise<void> {
  const change = changeOf(store.state, operation, at);
  if (isNothing(change)) return;
  if (change.node === undefined && store.state.count >= LIMITS.fileCount.standard) return refuse('ENOSPC');
  const growth = change.sizeBytes - (change.node?.sizeBytes ?? 0);
  if (growth > 0 && store.state.bytes + growth > mostBytes) return refuse('ENOSPC');
  // Where the file's bytes go follows from its size, before and after.
  const isBlob = change.node?.content.kind === 'blob';
  if (change.sizeBytes > SMALL_BYTES) await (isBlob ? writeBlob : makeBlob)(store, change);
  else if (isBlob) await backToLog(store, change);
  else writeSmall(store, change, operation.truncateTo);
}

function isNothing({ node, bytes, sizeBytes }: Change): boolean {
  return bytes.length === 0 && sizeBytes === node?.sizeBytes;
}

function changeOf(state: TreeState, { path, position, bytes, truncateTo }: Write, at: number): Change {
  if (!isSize(position) || !isSize(truncateTo ?? 0)) return refuse('EINVAL');
  const written = bytes === null || bytes.length === 0 ? 0 : position + bytes.length;
  if (Math.max(written, truncateTo ?? 0) > LIMITS.fileBytes.standard) return refuse('EFBIG');
  const node = state.fileAt(path);
  const cut = truncateTo ?? node?.sizeBytes ?? 0;
  return { path, node, position, bytes: bytes ?? new Uint8Array(0), cut, sizeBytes: Math.max(cut, written), at };
}

function writeSmall(store: TreeStore, { path, node, position, bytes, at }: Change, cut: number | null): void {
  record(store, { op: 'write', path, position, cut, at }, bytes);
  if (node?.content.kind !== 'pieces' || node.content.pieces.length <= MOST_PIECES) return;
  try {
    const whole = new Uint8Array(node.sizeBytes);
    readPieces(store.log, node.content.pieces, 0, whole);
    record(store, { op: 'write', path, position: 0, cut: 0, at }, whole);
  } catch (error) {
    // The write itself is done and is answered so; its pieces stay as they are, and the next write tries again.
    console.warn('a small file stays in pieces', error);
  }
}

/** The file as it will be, as far as it was there before and stays. */
async function kept(store: TreeStore, { node, cut }: Change): Promise<Uint8Array<ArrayBuffer>> {
  const whole = new Uint8Array(Math.min(cut, node?.sizeBytes ?? 0));
  if (node) await readInto(store, node, 0, whole);
  return whole;
}

/** A file that was cut down to a small one. */
async function backToLog(store: TreeStore, change: Change): Promise<void> {
  const whole = new Uint8Array(change.sizeBytes);
  whole.set(await kept(store, change));
  whole.set(change.bytes, change.bytes.length === 0 ? 0 : change.position);
  const content = change.node?.content;
  record(store, { op: 'write', path: change.path, position: 0, cut: 0, at: change.at }, whole);
  if (content) dropBlob(store, { content });
}

/** A file that grew out of the log. */
async function makeBlob(store: TreeStore, change: Change): Promise<void> {
  const { path, sizeBytes, at } = change;
  const before = await kept(store, change);
  const { id, access } = await store.blobs.create();
  try {
    writeAll(access, before, 0);
    fill(access, change);
    record(store, { op: 'blob', path, blob: id, size: sizeBytes, at });
  } catch (error) {
    store.blobs.drop(id);
    throw error;
  }
}

/** Bytes before the log when a file grows, the log before the bytes when it is cut: what the log says is always there. */
async function writeBlob(store: TreeStore, change: Change): Promise<void> {
  const { path, node, cut, sizeBytes, at } = change;
  if (node?.content.kind !== 'blob') return;
  const { blob } = node.content;
  const access = await store.blobs.access(blob, node.sizeBytes);
  if (cut < node.sizeBytes) {
    record(store, { op: 'blob', path, blob, size: cut, at });
    access.truncate(cut);
  }
  try {
    fill(access, change);
    record(store, { op: 'blob', path, blob, size: sizeBytes, at });
  } catch (error) {
    access.truncate(node.sizeBytes);
    throw error;
  }
}

function fill(access: SyncAccess, { position, bytes, sizeBytes }: Change): void {
  writeAll(access, bytes, position);
  if (access.getSize() !== sizeBytes) access.truncate(sizeBytes);
}
