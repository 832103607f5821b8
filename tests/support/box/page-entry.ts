import { startBoxPage } from '../../../src/box/page.ts';

startBoxPage(globalThis.window);
