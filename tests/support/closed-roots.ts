/** Roots are closed to everybody else, so they are kept here as they are made: from the import of this file on. */
const roots = new WeakMap<Element, ShadowRoot>();
const attachShadow = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (init) {
  const root = attachShadow.call(this, init);
  roots.set(this, root);
  return root;
};

/** What stands in an element of ours. */
export const rootOf = (host: Element | null | undefined): ShadowRoot | undefined =>
  host ? roots.get(host) : undefined;
