import { effect } from '@preact/signals';
import { render } from 'preact';
import css from './preview.css?inline';
import { type PreviewOptions, PreviewState } from './preview-state.ts';
import { PlacesRow, PreviewView } from './preview-view.tsx';

export interface PreviewPlaces {
  /** Where the row stands that chooses between the two. */
  readonly row: HTMLElement;
  readonly terminals: HTMLElement;
  readonly preview: HTMLElement;
}

/** Draws the preview of the session's servers beside its terminals until the signal aborts. */
export function mountPreview({ row, terminals, preview }: PreviewPlaces, options: PreviewOptions): void {
  const { ownerDocument: document } = preview;
  const style = document.createElement('style');
  style.textContent = css;
  document.head.append(style);
  const place = document.createElement('div');
  place.className = 'frame-place';
  const state = new PreviewState(options, place);
  const endPlaces = effect(() => {
    const isInFront = state.isInFront.value;
    preview.hidden = !isInFront;
    // What is behind keeps its size, and gets no key.
    terminals.inert = isInFront;
  });
  render(<PlacesRow state={state} />, row);
  render(<PreviewView state={state} />, preview);
  options.signal.addEventListener(
    'abort',
    () => {
      endPlaces();
      render(null, row);
      render(null, preview);
      style.remove();
    },
    { once: true },
  );
}
