import { useSignal } from '@preact/signals';
import type { PageReport } from '../../contracts/doors/page-report.ts';
import { Button, copyText } from '../kit/index.ts';
import { COMMON_TEXTS, POPUP_TEXTS } from '../texts.ts';
import type { ShownPage } from './popup-state.ts';

const T = POPUP_TEXTS;

/** What a person can pass on when the site has changed: counts and shapes, no contents, no conversation. */
export function reportText({ health, design, missingLandmarks }: PageReport): string {
  return JSON.stringify({ design, missingLandmarks, ...health }, null, 2);
}

/** Plain words on how well this page is understood, and the numbers behind them. */
export function PagePart({ page }: { readonly page: ShownPage }) {
  const isCopied = useSignal(false);
  if (page === null) return null;
  if (typeof page === 'string') {
    return (
      <p class="quiet" data-part="no-page" data-why={page}>
        {page === 'loading' ? T.loading : T.noPage}
      </p>
    );
  }
  const { health, missingLandmarks } = page;
  const hasDrifted = health.drift === 'suspected';
  const isMissing = missingLandmarks.length > 0;
  const copy = async () => {
    isCopied.value = await copyText(reportText(page));
  };
  return (
    <>
      <p class={hasDrifted || isMissing ? 'alert' : 'fine'} role="status" data-part="health" data-drift={health.drift}>
        {hasDrifted ? T.drifted : isMissing ? T.landmarksGone : T.healthy}
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
      {hasDrifted || isMissing || health.unknownShapes > 0 ? (
        <Button action="copy-report" onPress={() => void copy()}>
          {isCopied.value ? COMMON_TEXTS.copied : T.copyReport}
        </Button>
      ) : null}
    </>
  );
}
