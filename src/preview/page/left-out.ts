/** All that opens a realm of its own: in one there is everything that is taken away from a preview's. */
export const REALMS = ['iframe', 'frame', 'frameset', 'object', 'embed', 'fencedframe', 'portal', 'applet'];

/** What has Chromium connect ahead of need as soon as such a link is in the document: no policy governs it. */
export const HINTS = ['preconnect', 'dns-prefetch'];

/** What neither a page nor its scripts get into the document. */
export const LEFT_OUT = [...REALMS, ...HINTS.map((hint) => `link[rel*=${hint} i]`)].join(',');

/** Each of them has one of these names. */
export const LEFT_OUT_NAMES = [...REALMS, 'link'];
