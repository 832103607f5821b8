// The file tree of a conversation or project: mounts, watching, quota.
export { openWorkspace, type Workspace } from './open-workspace.ts';
export { ownFolder } from './own-folder.ts';
export type { ImportedZip } from './archive/import-zip.ts';
export { exportZip, importZip } from './archive/late.ts';
