import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { startPreviewPage } from '../src/preview/page.ts';

/** Starts the page of a preview; throws outside its sandboxed frame. */
export default defineUnlistedScript(() => startPreviewPage(globalThis.window));
