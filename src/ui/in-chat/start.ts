import type { BeforePage } from '../before-page/index.ts';
import { type CoverCheck, hideDeed, hideDownload, lookForCovers } from '../kit/index.ts';
import { type InChatOptions, mountInChat } from './mount.ts';
import { createDragTaker } from './private-files.ts';

/**
 * The second of two scripts: mounts what a person sees when the settings are known, and takes over what the first one saw and
 * hears. Ends with the signal, or with the first one; without a first one there is nothing to show.
 */
export async function startInChat(
  document: Document,
  first: BeforePage | undefined,
  options: Pick<InChatOptions, 'openTerminals' | 'signal'> & { readonly covers?: CoverCheck | undefined },
): Promise<void> {
  if (first === undefined) return;
  const signal = AbortSignal.any([options.signal, first.signal]);
  if (options.covers !== undefined) lookForCovers(options.covers);
  const doors = await first.open();
  if (signal.aborted) return;
  const mounted = mountInChat({ ...first, ...doors, ...options, document, signal });
  const drag = createDragTaker((path) => mounted.findDrop(path));
  first.handTo({ ...mounted, drag, deed: hideDeed, navigation: hideDownload }, { signal });
}
