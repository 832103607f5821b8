import { startHostDocument } from '../../src/host/index.ts';

// Chrome's host document. It has no storage of settings: they come with its address and by messages.
startHostDocument({ window, signal: new AbortController().signal });
