import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { startBoxPage } from '../src/box/page.ts';

/** Starts the page of a box; throws outside its sandboxed frame. */
export default defineUnlistedScript(() => startBoxPage(globalThis.window));
