import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { PageDoor } from '../../contracts/doors/page-report.ts';
import { POPUP_TEXTS } from '../texts.ts';
import type { ShownPage } from './popup-state.ts';
import type { ReportProps } from './report-part.tsx';

const T = POPUP_TEXTS;

/** For whoever mends what the site has changed. No part of the first load, for most look at something else. */
function MorePart(props: ReportProps) {
  const loaded = useSignal<{ readonly Part: (props: ReportProps) => JSX.Element } | null>(null);
  useEffect(
    () => void import('./report-part.tsx').then(({ ReportPart }) => (loaded.value = { Part: ReportPart })),
    [loaded],
  );
  if (loaded.value === null) return null;
  const { Part } = loaded.value;
  return <Part {...props} />;
}

/** Plain words on how well this page is understood, and the numbers behind them. */
export function PagePart({ page, door }: { readonly page: ShownPage; readonly door: Pick<PageDoor, 'recording'> }) {
  if (page === null) return null;
  if (typeof page === 'string') {
    return (
      <p class="quiet" data-part="no-page" data-why={page}>
        {page === 'loading' ? T.loading : T.noPage}
      </p>
    );
  }
  const { health, missingLandmarks } = page;
  const said: string[] = [];
  if (health.drift === 'suspected') said.push(T.drifted);
  if (missingLandmarks.length > 0) said.push(T.landmarksGone);
  return (
    <>
      <p class={said.length > 0 ? 'alert' : 'fine'} role="status" data-part="health" data-drift={health.drift}>
        {said.join(' ') || T.healthy}
      </p>
      <dl class="counts">
        <div>
          <dt>{T.decoded}</dt>
          <dd data-part="decoded">{`${health.decoded} / ${health.streamsSeen}`}</dd>
        </div>
        <div>
          <dt>{T.unknown}</dt>
          <dd data-part="unknown">{health.unknownShapes}</dd>
        </div>
        <div>
          <dt>{T.calls}</dt>
          <dd data-part="calls">{page.callsSeen}</dd>
        </div>
      </dl>
      <MorePart page={page} isOdd={said.length > 0} door={door} />
    </>
  );
}
