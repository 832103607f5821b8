import { useEffect, useRef } from 'preact/hooks';
import { Button, FailurePanel, FileField, formatBytes } from '../kit/index.ts';
import { MACHINE_TEXTS } from './texts.ts';
import type { ToolPackState } from './tool-pack-state.ts';

const T = MACHINE_TEXTS.tools;

/** Whether the tool pack is there; adds it from a file of the device, or removes it. Nothing where this build knows none. */
export function ToolPackPart({ tools }: { readonly tools: ToolPackState }) {
  const picker = useRef<HTMLInputElement>(null);
  const actions = useRef<HTMLDivElement>(null);
  const isAdding = tools.share.value !== null;
  const wasAdding = useRef(isAdding);
  useEffect(() => {
    const hasChanged = wasAdding.current !== isAdding;
    wasAdding.current = isAdding;
    // The button that was pressed is gone, and the focus with it: the keys go on at what has its place.
    if (hasChanged && document.activeElement?.matches('body, dialog'))
      actions.current?.querySelector<HTMLElement>('button')?.focus();
  }, [isAdding]);
  const known = tools.known.value;
  const failure = tools.failure.value;
  if (known === null || known.offered === null) return null;
  const { about, name, bytes } = known.offered;
  const share = tools.share.value;
  const choose = () => picker.current?.click();
  const state = share === null ? (known.isAdded ? 'added' : 'absent') : 'adding';
  return (
    <section class="tool-pack" data-part="tool-pack" data-state={state}>
      <h3>{T.title}</h3>
      <p class="quiet">{T.about(about)}</p>
      <div role="status" data-part="tool-pack-state">
        <p>
          {{ added: T.added(formatBytes(bytes)), absent: T.absent(name, formatBytes(bytes)), adding: T.adding }[state]}
        </p>
        {known.lingers ? <p>{T.lingers}</p> : null}
      </div>
      {share === null ? null : <progress aria-label={T.adding} value={share} />}
      <div class="machine-actions" ref={actions}>
        {share === null ? (
          <>
            <Button action="add-tools" onPress={choose}>
              {known.isAdded ? T.addAgain : T.add}
            </Button>
            {known.isAdded ? (
              <Button action="remove-tools" label={T.removeLabel} onPress={() => void tools.remove()}>
                {T.remove}
              </Button>
            ) : null}
          </>
        ) : (
          <Button action="cancel-tools" label={T.cancelLabel} onPress={() => tools.cancel()}>
            {MACHINE_TEXTS.cancel}
          </Button>
        )}
      </div>
      <FileField field={picker} part="tools-field" label={T.add} accept=".pack" onFiles={([file]) => tools.add(file)} />
      {failure === null ? null : (
        <div role="alert">
          <FailurePanel code={failure.code} detail={failure.detail ?? null} />
        </div>
      )}
    </section>
  );
}
