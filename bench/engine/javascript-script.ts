import '../support/no-eval.ts';
import { javascript } from '../../tests/support/javascript/browser-host.ts';

// Bundled and evaluated in a page of the extension: sessions of the JavaScript runner in boxes of its own.
Object.assign(globalThis, { javascript });
