import { startPreviewPage } from '../../../src/preview/page.ts';

startPreviewPage(globalThis.window);
