import { LegacyRenderer } from './render-legacy.ts';
import { startPage } from './start-page.ts';

startPage((options) => new LegacyRenderer(options));
