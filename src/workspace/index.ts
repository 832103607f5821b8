// The file tree of a conversation or project: mounts, watching, quota.
export { openWorkspace, type Workspace } from './open-workspace.ts';
export type { FilesChange, OnFilesChange } from './watchers.ts';
