import type { PageDesign } from '../landmarks/index.ts';
import { isOurDoing } from '../our-doing.ts';

/** Tells of each block whether the page may have changed it. */
export interface ChangedBlocks {
  /** Takes in what the page has done by now. Called before blocks are asked about. */
  update(design: PageDesign, page: Element): void;
  /** False where a block holds what it held when this was asked of it last. */
  hasChanged(block: Element): boolean;
  close(): void;
}

/**
 * Follows the page, so that a look need not measure the text of hundreds of blocks that stand as they stood. What changes while it is
 * out of the page is not followed: a block that left counts as changed.
 */
export function createChangedBlocks(): ChangedBlocks {
  let unchanged = new WeakSet<Element>();
  let followed: Element | null = null;
  const observer = new MutationObserver((records) => take(records));
  let designOf: PageDesign | null = null;

  const leave = (node: Node) => {
    if (!(node instanceof Element)) return;
    unchanged.delete(node);
    for (const block of designOf?.codeBlocksOf(node) ?? []) unchanged.delete(block);
  };
  const take = (records: readonly MutationRecord[]) => {
    for (const record of records) {
      if (isOurDoing(record)) continue;
      for (let node: Node | null = record.target; node !== null && node !== followed; node = node.parentNode)
        if (node instanceof Element) unchanged.delete(node);
      for (const node of record.removedNodes) leave(node);
    }
  };

  return {
    update(design, page) {
      designOf = design;
      if (page === followed) return take(observer.takeRecords());
      observer.disconnect();
      observer.observe(page, { childList: true, characterData: true, subtree: true });
      followed = page;
      unchanged = new WeakSet();
    },
    hasChanged(block) {
      if (unchanged.has(block)) return false;
      unchanged.add(block);
      return true;
    },
    close: () => observer.disconnect(),
  };
}
