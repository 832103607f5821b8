import { useLayoutEffect, useRef } from 'preact/hooks';
import { formatBytes } from '../../kit/index.ts';
import { TEXTS } from '../../texts.ts';
import type { RunView } from '../run-view.ts';

/** Hangs the log's own element in; the component tree does not touch what is inside. */
export function OutputBox({ view }: { readonly view: RunView }) {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    place.current?.replaceChildren(view.log.element);
  }, [view]);
  const truncated = view.truncated.value;
  const isShown = view.hasOutput.value;
  const cut = truncated !== null || (view.outcome.value !== null && view.log.isCut);
  const shown = formatBytes(truncated?.shownBytes ?? view.log.shownUtf16);
  return (
    <>
      <div ref={place} class="log-place" hidden={!isShown} />
      {cut ? (
        <p class="note" data-part="truncated">
          {truncated?.path ? TEXTS.card.truncatedFile(shown, truncated.path) : TEXTS.card.truncated(shown)}
        </p>
      ) : null}
      {view.notices.value.map((notice) => (
        <p class="note" key={notice} data-part="notice">
          {notice}
        </p>
      ))}
    </>
  );
}
