import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { startJavaScriptWorker } from '../src/runners/javascript/worker.ts';

/** The classic script that the host hands to a box as the JavaScript worker. */
export default defineUnlistedScript(() => startJavaScriptWorker(globalThis));
