// Bundled and evaluated in the page of the workspace: what the browser offers by itself for the same work.

async function folder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle(`peer-${Math.random()}`, { create: true });
}

async function put(directory: FileSystemDirectoryHandle, name: string, pieces: readonly Uint8Array<ArrayBuffer>[]) {
  const file = await directory.getFileHandle(name, { create: true });
  const writable = await file.createWritable();
  for (const piece of pieces) await writable.write(piece);
  await writable.close();
}

/** Milliseconds for so many files, each a file of OPFS, written one after the other. */
async function plainFiles(count: number, sizeBytes: number): Promise<number> {
  const directory = await folder();
  const bytes = new Uint8Array(sizeBytes).fill(120);
  const startedAt = performance.now();
  for (let n = 0; n < count; n += 1) await put(directory, `f${n}`, [bytes]);
  return performance.now() - startedAt;
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new Error(request.error?.message ?? 'no answer'));
  });
}

/** The same in IndexedDB, a transaction a file. */
async function inIndexedDb(count: number, sizeBytes: number): Promise<number> {
  const opening = indexedDB.open(`peer-${Math.random()}`, 1);
  opening.onupgradeneeded = () => void opening.result.createObjectStore('files');
  const database = await settled(opening);
  const bytes = new Uint8Array(sizeBytes).fill(120);
  const startedAt = performance.now();
  for (let n = 0; n < count; n += 1) {
    const transaction = database.transaction('files', 'readwrite');
    transaction.objectStore('files').put(bytes, `f${n}`);
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onerror = () => reject(new Error('transaction failed'));
    });
  }
  const tookMs = performance.now() - startedAt;
  database.close();
  return tookMs;
}

/** One large file of OPFS, written and read in the same windows as ours. */
async function plainLarge(megabytes: number): Promise<{ writeMs: number; readMs: number }> {
  const directory = await folder();
  const piece = new Uint8Array(4 * 1024 * 1024).fill(7);
  const startedAt = performance.now();
  await put(
    directory,
    'big',
    Array.from({ length: megabytes / 4 }, () => piece),
  );
  const writtenAt = performance.now();
  const file = await (await directory.getFileHandle('big')).getFile();
  for (let at = 0; at < file.size; at += piece.length) await file.slice(at, at + piece.length).arrayBuffer();
  return { writeMs: writtenAt - startedAt, readMs: performance.now() - writtenAt };
}

(globalThis as Record<string, unknown>)['filePeers'] = { plainFiles, inIndexedDb, plainLarge };
