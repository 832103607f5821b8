/** A folder of the host's own beside the trees of sessions, whose names are hashes; made with its first use. */
export async function ownFolder(name: 'tool-pack'): Promise<FileSystemDirectoryHandle> {
  return (await navigator.storage.getDirectory()).getDirectoryHandle(name, { create: true });
}
