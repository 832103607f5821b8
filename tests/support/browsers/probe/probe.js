// Reads closed shadow roots for the tests, as only an extension can; the shipped build knows nothing of it.
// The test's page asks by an event and has the answer when its dispatch returns.

const rootOf = (host) =>
  globalThis.chrome?.dom?.openOrClosedShadowRoot?.(host) ?? host.openOrClosedShadowRoot ?? host.shadowRoot;

const partsOf = ({ host, index, selector }) => {
  const root = document.querySelectorAll(host)[index];
  return root === undefined ? [] : [...(rootOf(root)?.querySelectorAll(selector) ?? [])];
};

const readPart = (element) => ({
  text: element.textContent,
  value: typeof element.value === 'string' ? element.value : '',
  isChecked: element.checked === true,
  attributes: Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value])),
});

const timeOf = (host, name) => (host.hasAttribute(name) ? Number(host.getAttribute(name)) : null);

// Little, for those who ask again and again: reading all that a card shows makes the page lay it out.
const readState = (host) => {
  const root = rootOf(host);
  const status = root?.querySelector('[data-part="status"]');
  return {
    callKey: host.getAttribute('data-call-key') ?? '',
    state: status?.getAttribute('data-state') ?? '',
    outcome: status?.getAttribute('data-outcome') ?? '',
    hasFigures: root?.querySelector('[data-part="figure"]') != null,
    figureMs: timeOf(host, 'data-figure-ms'),
    endedMs: timeOf(host, 'data-ended-ms'),
  };
};

const readCard = (host) => {
  const root = rootOf(host);
  const all = (part) => [...(root?.querySelectorAll(`[data-part="${part}"]`) ?? [])];
  const join = (part) =>
    all(part)
      .map((entry) => entry.textContent)
      .join('');
  const files = (part) =>
    all(part).map((entry) => ({
      name: entry.getAttribute('data-name') ?? '',
      byteCount: Number(entry.getAttribute('data-bytes') ?? 0),
    }));
  const visible = [...(root?.children ?? [])].filter((child) => child.localName !== 'style');
  const { callKey, state, outcome, figureMs, endedMs } = readState(host);
  return {
    callKey,
    status: join('status'),
    state,
    outcome,
    stdout: join('stdout'),
    stderr: join('stderr'),
    figures: files('figure'),
    artifacts: files('artifact'),
    firstOutputMs: timeOf(host, 'data-first-output-ms'),
    figureMs,
    endedMs,
    text: visible.map((child) => child.innerText).join('\n'),
  };
};

/** What one sees of it goes over the sides of its host; what scrolls or is cut off within is in its place. */
const sticksOut = (element, left, right) => {
  const box = element.getBoundingClientRect();
  if (box.width === 0 || (box.left >= left - 1 && box.right <= right + 1)) return false;
  for (let around = element.parentElement; around !== null; around = around.parentElement)
    if (getComputedStyle(around).overflowX !== 'visible') return false;
  return true;
};

const outsideOf = (host) => {
  const { left, right } = host.getBoundingClientRect();
  const out = [...(rootOf(host)?.querySelectorAll('*') ?? [])].filter((element) => sticksOut(element, left, right));
  return out.map((element) => element.cloneNode(false).outerHTML);
};

const answers = {
  outside: ({ host }) => [...document.querySelectorAll(host)].flatMap(outsideOf),
  states: ({ host }) => [...document.querySelectorAll(host)].map(readState),
  cards: ({ host }) => [...document.querySelectorAll(host)].map(readCard),
  parts: (request) => partsOf(request).map(readPart),
  place: (request) => {
    const part = partsOf(request)[request.nth];
    if (part === undefined) return null;
    if (request.isScrolled) part.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
    const { x, y, width, height } = part.getBoundingClientRect();
    const around = document.querySelectorAll(request.host)[request.index].getBoundingClientRect();
    return { x: x + width / 2, y: y + height / 2, hostX: around.x, hostY: around.y };
  },
};

document.addEventListener('card-probe-ask', (event) => {
  const request = JSON.parse(event.detail);
  document.dispatchEvent(
    new CustomEvent('card-probe-answer', { detail: JSON.stringify(answers[request.kind](request)) }),
  );
});
