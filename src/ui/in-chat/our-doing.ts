/** How the names of all elements of ours begin. */
export const OUR_TAGS = 'chatgpt-companion-';

const isOurs = (node: Node): boolean => node instanceof Element && node.localName.startsWith(OUR_TAGS);

/** Whether a record is of what we put in ourselves, which says nothing new; what the page takes out of ours does. */
export const isOurDoing = ({ type, addedNodes, removedNodes }: MutationRecord): boolean =>
  type === 'childList' && removedNodes.length === 0 && [...addedNodes].every(isOurs);
