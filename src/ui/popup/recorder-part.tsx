import { useSignal } from '@preact/signals';
import type { PageDoor } from '../../contracts/doors/page-report.ts';
import { Button, formatDuration, saveBytes } from '../kit/index.ts';
import { PAGE_TEXTS } from './page-texts.ts';

const T = PAGE_TEXTS.recorder;

/** A recording as it is saved, and in words what it holds. */
interface Made {
  readonly fileName: string;
  readonly text: string;
  readonly holds: string;
}

type Answer = { readonly kind: 'made'; readonly made: Made } | { readonly kind: 'none'; readonly why: string };

/** What the tab saw last, without anything of the person's; made in this page, so that nothing else ever has it as it came. */
async function makeRecording(door: Pick<PageDoor, 'recording'>): Promise<Answer> {
  const recording = await door.recording();
  if (!recording.ok) return { kind: 'none', why: T.unanswered };
  // Most popups record nothing.
  const { redactRecording } = await import('../../wire/recording/index.ts');
  const { fixture, messageCount, frameCount, durationMs } = redactRecording(recording.value);
  if (frameCount === 0) return { kind: 'none', why: T.nothing };
  const text = `${JSON.stringify(fixture, null, 1)}\n`;
  const holds = T.holds(messageCount, frameCount, formatDuration(durationMs));
  return { kind: 'made', made: { fileName: `chatgpt-wire-${frameCount}.json`, text, holds } };
}

/** A fixture for whoever mends what the site has changed: saved with one press, and shown before that to who wants to look. */
export function RecorderPart({ door }: { readonly door: Pick<PageDoor, 'recording'> }) {
  const made = useSignal<Made | null>(null);
  const isOpen = useSignal(false);
  const note = useSignal('');
  /** What is looked at is what is saved; else what is newest. */
  const take = async (): Promise<Made | null> => {
    if (isOpen.value && made.value !== null) return made.value;
    const answer = await makeRecording(door);
    made.value = answer.kind === 'made' ? answer.made : null;
    note.value = answer.kind === 'made' ? answer.made.holds : answer.why;
    return made.value;
  };
  const save = async () => {
    const taken = await take();
    if (taken === null) return;
    saveBytes(taken.fileName, 'application/json', taken.text);
    note.value = T.saved(taken.holds);
  };
  const look = (event: Event) => {
    const { open } = event.currentTarget as HTMLDetailsElement;
    if (open === isOpen.value) return;
    isOpen.value = open;
    if (open) made.value = null;
    if (open) void take();
  };
  return (
    <div class="recorder" data-part="recorder" role="group" aria-label={T.title}>
      <Button action="save-recording" hint={T.hint} onPress={() => void save()}>
        {T.save}
      </Button>
      <p class="quiet" role="status" data-part="recording-note">
        {note.value}
      </p>
      <details data-part="recording-look" onToggle={look}>
        <summary>{T.look}</summary>
        <p class="quiet">{T.hint}</p>
        {isOpen.value && made.value !== null ? (
          <textarea readOnly rows={8} wrap="off" aria-label={T.text} data-part="recording" value={made.value.text} />
        ) : null}
      </details>
    </div>
  );
}
