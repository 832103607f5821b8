import { openWorkspace } from '../../../src/workspace/index.ts';
import type { SessionId } from '../../../src/contracts/ids.ts';
import { FILES_CASES, write } from '../files-contract.ts';
import { churn, type ChurnLeft, whatChurnLeft } from './churn.ts';

// Runs in a page of a real browser: the workspace itself, its worker and the browser's own store.
let ending = new AbortController();
let workspace = openWorkspace({ signal: ending.signal });

function reopen(): void {
  ending.abort();
  ending = new AbortController();
  workspace = openWorkspace({ signal: ending.signal });
}

const filesOf = (name: string) => workspace.filesOf(name as SessionId);

async function runCase(name: string): Promise<string> {
  const found = FILES_CASES.find((one) => one.name === name);
  try {
    await found?.run(filesOf(name));
    return found === undefined ? 'no such case' : 'ok';
  } catch (error) {
    return String(error);
  }
}

/** Milliseconds for so many files of so many bytes, each made, written and read back. */
async function timeSmallFiles(count: number, bytes: number) {
  const files = filesOf(`small ${count} ${Math.random()}`);
  const content = 'x'.repeat(bytes);
  const startedAt = performance.now();
  for (let n = 0; n < count; n += 1) await files.perform(write(`f${n}`, content));
  const writtenAt = performance.now();
  for (let n = 0; n < count; n += 1) await files.perform({ op: 'read', path: `f${n}`, position: 0, length: bytes });
  const readAt = performance.now();
  const listed = await files.all();
  return { writeMs: writtenAt - startedAt, readMs: readAt - writtenAt, count: listed.length };
}

async function largeFile(megabytes: number) {
  const files = filesOf(`large ${Math.random()}`);
  const piece = new Uint8Array(4 * 1024 * 1024).fill(7);
  const startedAt = performance.now();
  for (let at = 0; at < megabytes * 1024 * 1024; at += piece.length) await files.perform(write('big', piece, at));
  const writtenAt = performance.now();
  const read = await files.perform({
    op: 'read',
    path: 'big',
    position: (megabytes - 4) * 1024 * 1024,
    length: piece.length,
  });
  const stat = await files.perform({ op: 'stat', path: 'big' });
  return {
    writeMs: writtenAt - startedAt,
    sizeBytes: stat.ok ? stat.stat?.sizeBytes : 0,
    isSame: read.ok && read.bytes?.length === piece.length && read.bytes.every((byte) => byte === 7),
  };
}

/** Milliseconds to write and read one file of so many MB, 4 MB at a time. */
async function timeLarge(megabytes: number) {
  const files = filesOf(`timed ${Math.random()}`);
  const piece = new Uint8Array(4 * 1024 * 1024).fill(7);
  const sizeBytes = megabytes * 1024 * 1024;
  const startedAt = performance.now();
  for (let at = 0; at < sizeBytes; at += piece.length) await files.perform(write('big', piece, at));
  const writtenAt = performance.now();
  for (let position = 0; position < sizeBytes; position += piece.length) {
    await files.perform({ op: 'read', path: 'big', position, length: piece.length });
  }
  return { writeMs: writtenAt - startedAt, readMs: performance.now() - writtenAt };
}

/** Milliseconds until a new worker has opened a tree of so many files and told their names. */
async function timeOpening(count: number): Promise<number> {
  const session = `many ${Math.random()}`;
  await Promise.all(
    Array.from({ length: count }, (_, n) => filesOf(session).perform(write(`f${n}`, 'x'.repeat(1_024)))),
  );
  reopen();
  await filesOf('nobody').all();
  const startedAt = performance.now();
  const listed = await filesOf(session).all();
  if (listed.length !== count) throw new Error(`${listed.length} files`);
  return performance.now() - startedAt;
}

async function putText(session: string, path: string, text: string): Promise<boolean> {
  return (await filesOf(session).perform(write(path, text))).ok;
}

async function listing(session: string): Promise<string[]> {
  return (await filesOf(session).all()).map((stat) => `${stat.path} ${stat.sizeBytes}`).sort();
}

/** Ends the worker once so many operations were answered, while others are under way; answers which were. */
function churnUntilKilled(session: string, afterAnswers: number): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const done: number[] = [];
    churn(filesOf(session), (n) => {
      done.push(n);
      if (done.length !== afterAnswers) return;
      reopen();
      resolve([...done]);
    }).catch(reject);
  });
}

/** Works until the browser is gone, and tells the server of each number that was answered. */
function churnForEver(session: string): void {
  churn(filesOf(session), (n) => void fetch(`/done/${session}/${n}`)).catch((error: unknown) => {
    void fetch(`/failed/${encodeURIComponent(String(error))}`);
  });
}

const left = (session: string): Promise<ChurnLeft> => whatChurnLeft(filesOf(session));

/** What a watcher hears while others write, move and remove. */
async function watched(): Promise<string[]> {
  const heard: string[] = [];
  const ending = new AbortController();
  const listen = (session: string) =>
    filesOf(session).onChange((change) => heard.push(`${change.kind} ${change.path}`), ending);
  listen('watched');
  const files = filesOf('watched');
  await files.perform({ op: 'mkdir', path: 'd' });
  await files.perform(write('d/a', 'x'));
  await files.perform({ op: 'rename', path: 'd/a', to: 'b' });
  await files.perform({ op: 'remove', path: 'none' });
  await files.perform({ op: 'read', path: 'b', position: 0, length: 1 });
  await filesOf('other').perform(write('c', 'x'));
  ending.abort();
  await files.perform({ op: 'remove', path: 'b' });
  return heard;
}

async function stored(): Promise<string[]> {
  const root = await navigator.storage.getDirectory();
  const sessions = await root.getDirectoryHandle('trees');
  const names: string[] = [];
  for await (const name of (sessions as unknown as { keys(): AsyncIterable<string> }).keys()) names.push(name);
  return names;
}

(globalThis as Record<string, unknown>)['workspaceTest'] = {
  caseNames: FILES_CASES.map((one) => one.name),
  runCase,
  timeSmallFiles,
  largeFile,
  timeLarge,
  timeOpening,
  putText,
  listing,
  reopen,
  stored,
  churnUntilKilled,
  churnForEver,
  left,
  watched,
  flush: (session: string) => workspace.flush(session as SessionId),
};
