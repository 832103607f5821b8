import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Button, FailurePanel } from '../kit/index.ts';
import type { PreviewState } from './preview-state.ts';
import { PREVIEW_TEXTS } from './texts.ts';

const T = PREVIEW_TEXTS;

/** What is in front of the workbench: its terminals or the preview. */
export function PlacesRow({ state }: { readonly state: PreviewState }) {
  const isPreview = state.isInFront.value;
  const tab = (isIt: boolean, part: string, panel: string, words: string, show: () => void) => (
    <button
      type="button"
      role="tab"
      class="place"
      aria-selected={isIt}
      aria-controls={panel}
      tabIndex={isIt ? 0 : -1}
      data-part={part}
      onClick={show}
      onKeyDown={({ key }) => {
        if (key === 'ArrowLeft' || key === 'ArrowRight') state.show(!isPreview);
      }}
    >
      {words}
    </button>
  );
  return (
    <div class="places" role="tablist" aria-label={T.places}>
      {tab(!isPreview, 'place-terminal', 'ide', T.terminal, () => state.show(false))}
      {tab(isPreview, 'place-preview', 'preview', T.servers(state.servers.value.length), () => state.show(true))}
    </div>
  );
}

export function PreviewView({ state }: { readonly state: PreviewState }) {
  const shown = state.shown.value;
  const port = state.port.value;
  const slot = useRef<HTMLDivElement>(null);
  useEffect(() => slot.current?.append(state.place), []);
  return (
    <section class="preview" aria-label={T.preview} data-part="preview" data-shown={shown.kind}>
      {port === null ? null : <AddressRow key={port} state={state} />}
      {shown.kind === 'failed' ? (
        <FailurePanel code={shown.error.code} detail={shown.error.detail ?? null}>
          <Button action="reload-failed" kind="primary" onPress={() => state.reload()}>
            {T.again}
          </Button>
        </FailurePanel>
      ) : null}
      {port === null ? <Empty /> : null}
      <div ref={slot} class="frame-slot" hidden={shown.kind === 'failed' || port === null} />
      <p class="said" role="status" data-part="preview-said">
        {state.said.value ?? (shown.kind === 'asking' && port !== null ? T.loading(port) : state.title.value)}
      </p>
    </section>
  );
}

function Empty() {
  return (
    <div class="empty" data-part="preview-empty">
      <p>{T.empty}</p>
      <pre>{T.example}</pre>
      <p class="quiet">{T.emptyMore}</p>
    </div>
  );
}

function AddressRow({ state }: { readonly state: PreviewState }) {
  const typed = useSignal<string | null>(null);
  const port = state.port.value ?? 0;
  const ports = [...new Set([...state.servers.value, port])].sort((one, other) => one - other);
  return (
    <form
      class="address"
      onSubmit={(event) => {
        event.preventDefault();
        state.goTo(typed.value ?? state.address.value);
        typed.value = null;
      }}
    >
      <Button action="preview-back" label={T.back} disabled={!state.canGoBack.value} onPress={() => state.step(-1)}>
        ←
      </Button>
      <Button
        action="preview-forward"
        label={T.forward}
        disabled={!state.canGoForward.value}
        onPress={() => state.step(1)}
      >
        →
      </Button>
      <Button action="preview-reload" label={T.reload} onPress={() => state.reload()}>
        ⟳
      </Button>
      <select
        aria-label={T.port}
        data-part="preview-port"
        value={String(port)}
        onChange={(event) => state.choose(Number(event.currentTarget.value))}
      >
        {ports.map((each) => (
          <option key={each} value={String(each)}>
            {T.portName(each)}
          </option>
        ))}
      </select>
      <input
        type="text"
        inputMode="url"
        spellcheck={false}
        autocomplete="off"
        aria-label={T.address}
        data-part="preview-address"
        value={typed.value ?? state.address.value}
        onInput={(event) => (typed.value = event.currentTarget.value)}
      />
    </form>
  );
}
