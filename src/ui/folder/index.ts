// A folder of the person's device copied into a conversation: for a page of its own, which stays open while the system's picker is.
export { mountFolder, type FolderOptions } from './mount.tsx';
