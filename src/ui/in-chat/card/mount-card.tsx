import { onAbort } from '../../../base/index.ts';
import { drawSurface, openSurface } from '../../kit/index.ts';
import type { CardEntry } from '../calls.ts';
import { Card } from './card.tsx';
import { type CardServices, Services } from './services.ts';
import { CARD_STYLES } from './styles.ts';

const CARD_TAG = 'chatgpt-companion-card';

/** Makes the element of a call; the caller places it. Unmounted when `signal` aborts. */
export function mountCard(
  entry: CardEntry,
  services: CardServices,
  { signal }: { readonly signal: AbortSignal },
): HTMLElement {
  const surface = openSurface(document, CARD_TAG, CARD_STYLES);
  const host = surface.element;
  host.setAttribute('data-call-key', entry.key);
  const close = drawSurface(
    surface,
    <Services.Provider value={services}>
      <Card entry={entry} host={host} />
    </Services.Provider>,
  );
  onAbort(signal, close);
  return host;
}
