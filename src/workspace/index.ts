// The file tree of a conversation or project: mounts, watching, quota.
export { openWorkspace, type Workspace } from './open-workspace.ts';
export { exportZip } from './archive/export-zip.ts';
export { type ImportedZip, importZip } from './archive/import-zip.ts';
export type { FilesChange, OnFilesChange } from './watchers.ts';
