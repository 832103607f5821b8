import { describe, expect, it } from 'vitest';
import { placeAddresses } from './css.ts';

describe('addresses in a style sheet', () => {
  it('are replaced in every form, and nothing else is', async () => {
    const css = `@import "a.css" screen; @import url(b.css);
p { background: url( 'c.png' ), URL(d.png); content: "url(e.png)"; } /* url(f.png) */ @font-face { src: url("g.woff") format("woff") }`;
    const placed = await placeAddresses(css, (address, kind) => Promise.resolve(`blob:${kind}-${address}`));
    expect(placed).toBe(`@import url("blob:sheet-a.css") screen; @import url("blob:sheet-b.css");
p { background: url("blob:file-c.png"), url("blob:file-d.png"); content: "url(e.png)"; } /* url(f.png) */ @font-face { src: url("blob:file-g.woff") format("woff") }`);
  });

  it('stay where they name a part of the document', async () => {
    const css = 'path { fill: url(#sky); mask: url("#m") }';
    expect(await placeAddresses(css, () => Promise.resolve('blob:x'))).toBe(css);
  });

  it('stay where there is no such file', async () => {
    expect(await placeAddresses('p { background: url(x.png) }', () => Promise.resolve(null))).toBe(
      'p { background: url(x.png) }',
    );
  });
});
