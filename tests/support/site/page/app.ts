import { AppRenderer } from './render-app.ts';
import { startPage } from './start-page.ts';

startPage((options) => new AppRenderer(options));
