// Bundled and evaluated in a page of the extension: sessions of the JavaScript runner in boxes of its own.
import '../support/no-eval.ts';
import '../../tests/support/javascript/browser-host.ts';
