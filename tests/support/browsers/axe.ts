import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { CDPSession, Page, Protocol } from 'puppeteer-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Finding {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}
interface AxeWindow {
  readonly axe: { run(context: unknown): Promise<Record<'violations' | 'passes' | 'incomplete', readonly Finding[]>> };
}

function* rootsUnder(node: Protocol.DOM.Node): Generator<Protocol.DOM.Node> {
  for (const root of node.shadowRoots ?? []) {
    if (root.shadowRootType === 'closed') yield root;
    yield* rootsUnder(root);
  }
  for (const child of node.children ?? []) yield* rootsUnder(child);
}

/** Lets the page's world, in which axe works, see into closed roots; only the debugger can. */
async function openRoots(session: CDPSession): Promise<void> {
  const { root } = await session.send('DOM.getDocument', { depth: -1, pierce: true });
  for (const { backendNodeId } of rootsUnder(root)) {
    const { object } = await session.send('DOM.resolveNode', { backendNodeId });
    if (object.objectId === undefined) throw new Error('a shadow root went away while it was being opened');
    await session.send('Runtime.callFunctionOn', {
      objectId: object.objectId,
      functionDeclaration:
        'function () { Object.defineProperty(this.host, "shadowRoot", { value: this, configurable: true }); }',
    });
  }
}

/**
 * What axe objects to in the elements of a selector and within their closed roots, a line each. Chromium only. Throws
 * where axe saw no button there, for then it did not look.
 */
export async function violationsIn(page: Page, selector: string): Promise<readonly string[]> {
  const session = await page.createCDPSession();
  // By the debugger's own world, which no policy of a page covers.
  await session.send('Page.setBypassCSP', { enabled: true });
  await page.evaluate(AXE);
  await openRoots(session);
  const found = await page.evaluate(async (wanted) => {
    const roots = [document, ...[...document.querySelectorAll(wanted)].flatMap(({ shadowRoot }) => shadowRoot ?? [])];
    const passing = roots.flatMap((root) => root.getAnimations()).filter((one) => one instanceof CSSTransition);
    // Buttons pass from one theme's colours to the other's; half-way there axe would read neither.
    await Promise.allSettled(passing.map(({ finished }) => finished));
    const { violations, passes, incomplete } = await (window as unknown as AxeWindow).axe.run(wanted);
    // A name where none is heard is left to a person's eye by axe where text stands beside it.
    const unheard = incomplete.filter(({ id }) => id === 'aria-prohibited-attr');
    return {
      lines: [...violations, ...unheard].map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`),
      hasLooked: [...violations, ...passes].some(({ id }) => id === 'button-name'),
    };
  }, selector);
  await session.detach();
  if (!found.hasLooked) throw new Error(`axe saw nothing in ${selector}`);
  return found.lines;
}
