// The frame's side: built into a file of its own.
export { startPreviewPage } from './page/page.ts';
