import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { startPythonWorker } from '../src/runners/python/worker.ts';

/** The classic script that the host hands to a box as the Python worker. */
export default defineUnlistedScript(() => startPythonWorker(globalThis));
