import { type Signal, useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { sendFiles } from '../send-file.ts';
import type { SessionId } from '../../contracts/ids.ts';
import { Button, FailurePanel, FileField } from '../kit/index.ts';
import { POPUP_TEXTS } from '../texts.ts';
import { conversationOf, type KnownFiles, type ShownPage } from './popup-state.ts';
import { ZipPart } from './zip-part.tsx';
import type { ZipDoors } from './zip-transfer.ts';

const T = POPUP_TEXTS;

/** Files for the conversation in the tab in front, away from the site's page. */
export function FilesPart({
  doors,
  page,
  known,
  place,
  onOpenTab,
  onAddFolder,
}: {
  readonly doors: ZipDoors;
  readonly page: ShownPage;
  readonly known: Signal<KnownFiles | null>;
  /** Where files can be chosen; a popup that closes when the file dialog opens shows itself in a tab instead. */
  readonly place: 'here' | 'in-tab' | 'both';
  readonly onOpenTab: () => void;
  /** Shows the page that copies a folder into this conversation. */
  readonly onAddFolder: (sessionId: SessionId) => void;
}) {
  const note = useSignal('');
  const isOver = useSignal(false);
  const picker = useRef<HTMLInputElement>(null);
  const sessionId = conversationOf(page);
  const damaged = known.value?.sessionId === sessionId ? known.value.damaged : [];
  const add = async (files: readonly File[]) => {
    if (sessionId === null) return;
    note.value = await sendFiles(doors.runs, sessionId, files);
  };
  return (
    <div
      class={`drop ${isOver.value ? 'over' : ''}`}
      data-part="drop"
      onDragOver={() => (isOver.value = true)}
      onDragLeave={() => (isOver.value = false)}
      onDrop={(event) => {
        isOver.value = false;
        void add([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      <p class="quiet">{sessionId === null ? T.noConversation : T.filesHint}</p>
      {place === 'in-tab' ? null : (
        <Button action="choose-files" disabled={sessionId === null} onPress={() => picker.current?.click()}>
          {T.choose}
        </Button>
      )}
      {place === 'here' ? null : (
        <Button action="open-tab" disabled={sessionId === null} onPress={onOpenTab}>
          {place === 'in-tab' ? T.chooseInTab : T.openTab}
        </Button>
      )}
      <Button
        action="add-folder"
        disabled={sessionId === null}
        onPress={() => sessionId !== null && onAddFolder(sessionId)}
      >
        {T.addFolder}
      </Button>
      <FileField field={picker} part="file-field" label={T.choose} isMultiple onFiles={add} />
      <p role="status" data-part="note">
        {note.value}
      </p>
      {damaged.length === 0 ? null : (
        <FailurePanel code="files/damaged" detail={damaged.filter((path) => path !== '').join(', ')} />
      )}
      {sessionId === null || place === 'in-tab' ? null : (
        <ZipPart key={sessionId} doors={doors} sessionId={sessionId} known={known} />
      )}
    </div>
  );
}
