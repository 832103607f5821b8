import { configure } from '@zip.js/zip.js/lib/zip-core-custom.js';

/** The browser's own compression, which works beside this thread; zip.js's workers would be started from text. */
configure({ useWebWorkers: false, useCompressionStream: true });
