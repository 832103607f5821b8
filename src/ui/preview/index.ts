// Pages of a session's servers, each in a walled frame: for the workbench's page.
export { mountPreview, type PreviewPlaces } from './mount.tsx';
export type { PreviewOptions } from './preview-state.ts';
