import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Sighting } from '../../contracts/capture.ts';
import type { PageDoor, PageReport } from '../../contracts/doors/page-report.ts';
import { Button, copyText } from '../kit/index.ts';
import { COMMON_TEXTS, POPUP_TEXTS } from '../texts.ts';
import type { ShownPage } from './popup-state.ts';
import type * as MoreParts from './recorder-part.tsx';

const T = POPUP_TEXTS;

/** What a person can pass on when the site has changed: counts and shapes, no contents, no conversation. */
export function reportText({ health, design, missingLandmarks }: PageReport): string {
  return JSON.stringify({ design, missingLandmarks, ...health }, null, 2);
}

/** The report goes to the clipboard, or stands to be copied by hand where the browser does not let it there. */
function ReportCopy({ page }: { readonly page: PageReport }) {
  const isCopied = useSignal(false);
  /** As it was then: in a text that changes, what is selected is lost. */
  const uncopied = useSignal<string | null>(null);
  const copy = async () => {
    const text = reportText(page);
    isCopied.value = await copyText(text);
    uncopied.value = isCopied.value ? null : text;
  };
  return (
    <>
      <Button action="copy-report" onPress={() => void copy()}>
        {isCopied.value ? COMMON_TEXTS.copied : T.copyReport}
      </Button>
      <p class="quiet" role="status" data-part="copy-note">
        {uncopied.value === null ? '' : COMMON_TEXTS.notCopied}
      </p>
      {uncopied.value === null ? null : (
        <textarea readOnly rows={6} aria-label={T.report} data-part="report" value={uncopied.value} />
      )}
    </>
  );
}

/** For whoever mends what the site has changed: names that are not known, and the recorder. No part of the first load. */
function MorePart(props: { readonly sightings: readonly Sighting[]; readonly door: Pick<PageDoor, 'recording'> }) {
  const parts = useSignal<typeof MoreParts | null>(null);
  useEffect(() => void import('./recorder-part.tsx').then((loaded) => (parts.value = loaded)), [parts]);
  if (parts.value === null) return null;
  const { SightingsPart, RecorderPart } = parts.value;
  return (
    <>
      <SightingsPart sightings={props.sightings} />
      <RecorderPart door={props.door} />
    </>
  );
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
  const sightings = health.sightings ?? [];
  const isOdd = said.length > 0 || sightings.length > 0 || health.unknownShapes > 0;
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
      {isOdd ? <ReportCopy page={page} /> : null}
      <MorePart sightings={sightings} door={door} />
    </>
  );
}
