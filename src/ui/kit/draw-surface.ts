import { type ComponentChild, render } from 'preact';
import type { Surface } from './surface.ts';

/** Draws a view in a surface, below its styles; what it answers with takes away both the view and the element. */
export function drawSurface({ element, root }: Surface, view: ComponentChild): () => void {
  const place = root.ownerDocument.createElement('div');
  root.append(place);
  render(view, place);
  return () => {
    render(null, place);
    element.remove();
  };
}
