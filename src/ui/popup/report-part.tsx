import { useSignal } from '@preact/signals';
import type { PageDoor, PageReport } from '../../contracts/doors/page-report.ts';
import { Button, copyText } from '../kit/index.ts';
import { COMMON_TEXTS } from '../texts.ts';
import { PAGE_TEXTS } from './page-texts.ts';
import { RecorderPart } from './recorder-part.tsx';
import { sentencesOf } from './sightings.ts';

const T = PAGE_TEXTS;

export interface ReportProps {
  readonly page: PageReport;
  /** Something of the page is not as it is known. */
  readonly isOdd: boolean;
  readonly door: Pick<PageDoor, 'recording'>;
}

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

/** What helps whoever mends what the site has changed: names that are not known, the report, a recording. */
export function ReportPart({ page, isOdd, door }: ReportProps) {
  const { unknownShapes, sightings = [] } = page.health;
  return (
    <>
      <p class="quiet" data-part="sightings">
        {sentencesOf(sightings).join(' ')}
      </p>
      {isOdd || sightings.length > 0 || unknownShapes > 0 ? <ReportCopy page={page} /> : null}
      <RecorderPart door={door} />
    </>
  );
}
