/** What a page can do so that a person presses a control of ours without seeing it. Each runs in the page, with the card's element. */
export const covers: Readonly<Record<string, (host: HTMLElement) => void>> = {
  'a picture lies over it that lets clicks through': () => {
    const cover = document.createElement('div');
    cover.style.cssText = 'position:fixed;inset:0;background:white;pointer-events:none !important;z-index:2147483647';
    document.body.append(cover);
  },
  'what stands before an empty element lies over it': () => {
    const style = document.createElement('style');
    style.textContent =
      '#cover::before { content: ""; position: fixed; inset: 0; background: white; pointer-events: none !important; z-index: 2147483647 }';
    const cover = document.createElement('div');
    cover.id = 'cover';
    document.body.append(style, cover);
  },
  'what lies over it is of a closed shadow tree': () => {
    const cover = document.createElement('div');
    cover.attachShadow({ mode: 'closed' }).innerHTML =
      '<style>div { position: fixed; inset: 0; background: white; pointer-events: none !important; z-index: 2147483647 }</style><div></div>';
    document.body.append(cover);
  },
  'an element that spans the page has it in a closed shadow tree': () => {
    const cover = document.createElement('div');
    cover.style.cssText = 'position:fixed;inset:0;pointer-events:none;z-index:99';
    cover.attachShadow({ mode: 'closed' }).innerHTML =
      '<div><div style="position:absolute;inset:0;background:white"></div></div>';
    document.body.append(cover);
  },
  'below an empty layer are letters that lie over it': () => {
    const layer = document.createElement('div');
    layer.style.cssText = 'position:fixed;inset:0;pointer-events:none;z-index:100';
    const cover = document.createElement('div');
    cover.textContent = '████';
    cover.style.cssText =
      'position:fixed;inset:-400px 0 0 0;font:1500px/1 monospace;white-space:nowrap;color:white;pointer-events:none;z-index:99';
    document.body.append(layer, cover);
  },
  'what lies over it is inert': () => {
    const cover = document.createElement('div');
    cover.inert = true;
    cover.style.cssText = 'position:fixed;inset:0;background:white;z-index:2147483647';
    document.body.append(cover);
  },
  'a canvas moved there by a transform lies over it': () => {
    const cover = document.createElement('canvas');
    cover.width = 2_000;
    cover.height = 2_000;
    cover.style.cssText =
      'position:fixed;left:-3000px;top:0;transform:translateX(3000px);pointer-events:none;z-index:99';
    document.body.append(cover);
    cover.getContext('2d')?.fillRect(0, 0, 2_000, 2_000);
  },
  'a drawing lies over it': () => {
    const cover = document.createElement('div');
    cover.style.cssText = 'position:fixed;inset:0;pointer-events:none;z-index:99';
    cover.innerHTML =
      '<svg width="2000" height="2000"><path d="M0 0H2000V2000H0z" fill="white" style="pointer-events:none"/></svg>';
    document.body.append(cover);
  },
  'letters of a tiny element lie over it': () => {
    const cover = document.createElement('div');
    cover.textContent = '████';
    cover.style.cssText =
      'position:fixed;left:0;top:-200px;width:1px;height:1px;font:1500px/1 monospace;white-space:nowrap;color:white;pointer-events:none;z-index:99';
    document.body.append(cover);
  },
  'a popover lies over it': () => {
    const cover = document.createElement('div');
    cover.popover = 'manual';
    cover.style.cssText =
      'position:fixed;inset:0;width:100%;height:100%;margin:0;border:0;background:white;pointer-events:none';
    document.body.append(cover);
    cover.showPopover();
  },
  'the shadow of a box elsewhere lies over it': () => {
    const cover = document.createElement('div');
    cover.style.cssText =
      'position:fixed;left:0;top:0;width:1px;height:1px;box-shadow:0 0 0 3000px white;pointer-events:none;z-index:99';
    document.body.append(cover);
  },
  'the outline of a box elsewhere lies over it': () => {
    const cover = document.createElement('div');
    cover.style.cssText =
      'position:fixed;left:0;top:0;width:1px;height:1px;outline:3000px solid white;pointer-events:none;z-index:99';
    document.body.append(cover);
  },
  'the shadow of a filter lies over it': () => {
    const cover = document.createElement('div');
    cover.style.cssText =
      'position:fixed;left:-2000px;top:0;width:2000px;height:2000px;background:white;filter:drop-shadow(2000px 0 white);pointer-events:none;z-index:99';
    document.body.append(cover);
  },
  'what lies over it goes away as soon as it is pressed': (host) => {
    const style = document.createElement('style');
    style.textContent =
      '#cover { position: fixed; inset: 0; background: white; pointer-events: none; z-index: 2147483647 } body:has(#host:active) #cover { display: none }';
    host.id = 'host';
    const cover = document.createElement('div');
    cover.id = 'cover';
    document.body.append(style, cover);
    for (const kind of ['pointerdown', 'mousedown', 'touchstart'])
      window.addEventListener(kind, () => cover.remove(), { capture: true });
  },
  'what it stands in is transparent': (host) => {
    if (host.parentElement) host.parentElement.style.opacity = '0.01';
  },
  'what it stands in is filtered away': (host) => {
    if (host.parentElement) host.parentElement.style.filter = 'opacity(0)';
  },
  'what it stands in is cut to nothing that can be seen': (host) => {
    if (host.parentElement) host.parentElement.style.clipPath = 'inset(0 0 0 0)';
  },
  'what it stands in is tiny': (host) => {
    if (host.parentElement) host.parentElement.style.transform = 'scale(0.2)';
  },
};

/** What lies over a card on many a page and hides nothing of it: presses count as ever. */
export const noCovers: Readonly<Record<string, (host: HTMLElement) => void>> = {
  'an empty layer for notices spans the page': () => {
    const layer = document.createElement('div');
    layer.style.cssText = 'position:fixed;inset:0;pointer-events:none;z-index:99';
    layer.innerHTML = '<ol style="position:absolute;inset:0;margin:0;padding:0"></ol>';
    document.body.append(layer);
  },
  'a layer spans the page that is transparent, invisible or not drawn': () => {
    for (const look of ['opacity:0', 'visibility:hidden', 'display:none']) {
      const layer = document.createElement('div');
      layer.style.cssText = `position:fixed;inset:0;background:white;pointer-events:none;z-index:99;${look}`;
      document.body.append(layer);
    }
  },
  'an inert side of the page has contents elsewhere': () => {
    const side = document.createElement('div');
    side.inert = true;
    side.style.cssText = 'position:fixed;left:-300px;top:0;width:200px;bottom:0;background:white;z-index:99';
    side.innerHTML = '<p>One</p><p>Two</p>';
    document.body.append(side);
  },
  'boxes have the shadows and rings of a design': (host) => {
    for (const look of [
      'box-shadow:0 25px 50px -12px rgba(0,0,0,.25)',
      'box-shadow:0 0 0 2px #08f,0 1px 2px 0 rgba(0,0,0,.05)',
      'outline:2px solid #08f;outline-offset:2px',
      'text-shadow:0 1px 2px #000',
      'filter:drop-shadow(0 4px 3px rgba(0,0,0,.07))',
      'box-shadow:inset 0 0 0 3000px white',
    ]) {
      const box = document.createElement('p');
      box.textContent = 'box';
      box.style.cssText = look;
      host.parentElement?.append(box);
    }
  },
};
