// Gives a page of a test what a card shows markup by.
import { renderSafeHtml } from '../../src/ui/kit/safe-html.ts';

Object.assign(globalThis, { renderSafeHtml });
