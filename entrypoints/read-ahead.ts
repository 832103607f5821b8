import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { beginReadingAhead } from '../src/host/index.ts';

/** Runs in Chrome's host document before its own script has come. */
export default defineUnlistedScript({ include: ['chrome'], main: () => beginReadingAhead(globalThis.window) });
