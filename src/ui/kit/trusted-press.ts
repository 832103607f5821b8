/** Whether something of the page is painted over a control of ours. */
export type CoverCheck = (host: Element, control: Element) => boolean;

/** Controls of ours and since when (ms since the page began) each can be seen whole; from the browser, not from the page. */
const seen = new WeakMap<Element, { readonly isVisible: boolean; readonly since: number }>();
/** Copies, made within closed roots, of events that the browser itself made. */
const vouched = new WeakSet<Event>();
const pointers = new WeakMap<Node, PointerState>();
const watched = new WeakSet<Element>();
let coverCheck: CoverCheck | null = null;

interface PointerState {
  readonly host: HTMLElement;
  isSteady: boolean;
  /** What was pressed last was covered when it was. */
  isCovered: boolean;
}

/** A hand needs longer than this between seeing and pressing; what the page moves or uncovers later was no choice. */
const STEADY_MS = 150;

// `trackVisibility` (Chromium): the browser itself says whether anything covers, fades or distorts the control.
const observer =
  typeof IntersectionObserver === 'undefined'
    ? null
    : new IntersectionObserver(
        (entries) => {
          for (const {
            target,
            isIntersecting,
            isVisible = isIntersecting,
          } of entries as readonly (IntersectionObserverEntry & {
            readonly isVisible?: boolean;
          })[]) {
            if (seen.get(target)?.isVisible !== isVisible) seen.set(target, { isVisible, since: performance.now() });
          }
        },
        { threshold: [0, 0.5, 1], trackVisibility: true, delay: 100 } as IntersectionObserverInit,
      );

/**
 * For the `ref` of a control: pointers may press it once it has been in sight for a moment. `mayMove` as for `isTrustedPress`: nobody
 * waits for a look at what lies over it.
 */
export function watchControl(control: Element | null, mayMove = false): void {
  if (control === null) return;
  if (!mayMove) watched.add(control);
  observer?.observe(control);
}

/** Vouches for a copy of a trusted event. */
export function vouchFor(copy: Event): void {
  vouched.add(copy);
}

/** Follows the pointer over an element of ours: it may not be moved below a hand that is about to press. */
export function watchPointer(host: HTMLElement, root: ShadowRoot): void {
  const state: PointerState = { host, isSteady: false, isCovered: false };
  pointers.set(root, state);
  let at = { left: 0, top: 0, since: 0 };
  const note = (event: PointerEvent): void => {
    if (!event.isTrusted) return;
    const { left, top } = host.getBoundingClientRect();
    const isMoved = Math.abs(left - at.left) + Math.abs(top - at.top) > 2;
    if (isMoved || event.type === 'pointerenter') at = { left, top, since: event.timeStamp };
    // A finger is not over anything before it presses.
    if (event.type === 'pointerdown')
      state.isSteady = event.pointerType === 'touch' || event.timeStamp - at.since >= STEADY_MS;
  };
  for (const kind of ['pointerenter', 'pointermove', 'pointerdown'] as const)
    host.addEventListener(kind, note, { capture: true, passive: true });
}

/** Has covers looked for by `check`, where the browser does not say itself what is seen (Firefox). */
export function lookForCovers(check: CoverCheck): void {
  coverCheck = check;
}

/**
 * Looks what lies over the control that is about to be pressed in `root`. For a listener that stands before those of the page,
 * which could take its cover away.
 */
export function notePress(event: PointerEvent, root: ShadowRoot): void {
  const state = pointers.get(root);
  // A finger's first event comes before the press, a mouse's as it comes over the element.
  const isFirst = event.type === (event.pointerType === 'touch' ? 'pointerover' : 'pointerdown');
  if (coverCheck === null || state === undefined || !isFirst || !event.isTrusted) return;
  let control = root.elementFromPoint(event.clientX, event.clientY);
  while (control !== null && !watched.has(control)) control = control.parentElement;
  state.isCovered = control !== null && coverCheck(state.host, control);
}

const LOOKS = ['filter', 'clipPath', 'maskImage', 'mixBlendMode'] as const;

/** Whether nothing about the control and what it stands in hides, fades, cuts or shrinks it. */
function isShown(control: HTMLElement, host: HTMLElement): boolean {
  if (!control.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
  const { width, height } = control.getBoundingClientRect();
  if (Math.abs(width - control.offsetWidth) > 2 || Math.abs(height - control.offsetHeight) > 2) return false;
  for (let element: Element | null = host; element !== null; element = element.parentElement) {
    const style = getComputedStyle(element);
    if (Number(style.opacity) < 0.9) return false;
    if (LOOKS.some((look) => !['none', 'normal', ''].includes(style[look]))) return false;
  }
  return true;
}

function isUnderPointer(control: Element, { host, isCovered }: PointerState, event: MouseEvent): boolean {
  if (isCovered) return false;
  const root = control.getRootNode() as ShadowRoot;
  const hit = root.elementFromPoint(event.clientX, event.clientY);
  return host.ownerDocument.elementFromPoint(event.clientX, event.clientY) === host && control.contains(hit);
}

/** Why the press was no choice of the person; null for one that counts. */
function whyRefused(control: HTMLElement, event: Event, mayMove: boolean): string | null {
  const pointer = pointers.get(control.getRootNode());
  // Not within an element of ours on a page: this is a page of the extension itself.
  if (pointer === undefined) return null;
  if (!isShown(control, pointer.host)) return 'hidden';
  // Keys and the tools of the blind press without a pointer.
  if (!(event instanceof MouseEvent) || event.detail === 0) return null;
  if (!pointer.isSteady && !mayMove) return 'moved';
  if (!isUnderPointer(control, pointer, event)) return 'covered';
  const sight = seen.get(control);
  const isSeen = observer === null || (sight?.isVisible === true && performance.now() - sight.since >= STEADY_MS);
  return isSeen ? null : 'new';
}

/**
 * Says which events count as the person's will: those that the browser vouches for, on a control that the person could
 * see where it was pressed. A script of the page could else press Run or read files in the person's name. `mayMove`: for what
 * must not be missed while output moves the card below the hand, and harms nobody: Stop.
 */
export function isTrustedPress(event: Event, mayMove = false): boolean {
  if (!event.isTrusted) return vouched.has(event);
  const control = event.currentTarget;
  if (!(control instanceof HTMLElement)) return true;
  const why = whyRefused(control, event, mayMove);
  if (why === null) control.removeAttribute('data-refused');
  else control.setAttribute('data-refused', why);
  return why === null;
}

/** What a control listens to clicks with: `onPress` is called for those that are the person's will (`isTrustedPress`). */
export const pressListener =
  (onPress: () => void, mayMove = false) =>
  (event: Event): void => {
    event.stopPropagation();
    if (isTrustedPress(event, mayMove)) onPress();
  };
