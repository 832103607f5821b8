import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Button, Dialog, saveBytes } from '../../kit/index.ts';
import { TEXTS } from '../../texts.ts';
import type { Picture } from './artifact-bytes.ts';
import { useServices } from './services.ts';

interface FigureProps {
  readonly picture: Picture;
  readonly number: number;
  readonly onShown: () => void;
  readonly onNote: (text: string) => void;
}

/** A picture by a blob address; where the page's policy refuses those, by a canvas, which no policy covers. */
export function Figure({ picture, number, onShown, onNote }: FigureProps) {
  const services = useServices();
  const url = useSignal<string | null>(null);
  const isOpen = useSignal(false);
  const isRefused = useSignal(false);
  const canvas = useRef<HTMLCanvasElement>(null);
  const alt = TEXTS.figure.alt(number);
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([picture.bytes], { type: picture.mime }));
    url.value = made;
    return () => URL.revokeObjectURL(made);
  }, [picture]);
  const drawInstead = async () => {
    isRefused.value = true;
    try {
      const bitmap = await createImageBitmap(new Blob([picture.bytes], { type: picture.mime }));
      const target = canvas.current;
      if (target === null) return;
      target.width = bitmap.width;
      target.height = bitmap.height;
      target.getContext('2d')?.drawImage(bitmap, 0, 0);
      bitmap.close();
      onShown();
    } catch {
      // No picture at all, or a drawing that canvases do not take (SVG): Save still hands out its bytes.
      onNote(TEXTS.figure.broken);
    }
  };
  const attach = async () => {
    const isTaken = await services.attach([new File([picture.bytes], picture.name, { type: picture.mime })]);
    onNote(isTaken ? TEXTS.composer.attached(1) : TEXTS.composer.notAttached);
  };
  return (
    <figure class="figure" data-part="figure" data-name={picture.name} data-bytes={picture.bytes.length}>
      {isRefused.value ? (
        <canvas ref={canvas} role="img" aria-label={alt} />
      ) : url.value === null ? null : (
        <button
          type="button"
          class="picture"
          data-action="open"
          aria-label={`${TEXTS.action.open}: ${alt}`}
          onClick={() => (isOpen.value = true)}
        >
          <img src={url.value} alt={alt} decoding="sync" onLoad={onShown} onError={() => void drawInstead()} />
        </button>
      )}
      <div class="row">
        <span class="quiet name">{picture.name}</span>
        <Button
          action="save"
          label={`${TEXTS.action.save}: ${picture.name}`}
          onPress={() => saveBytes(picture.name, picture.mime, picture.bytes)}
        >
          {TEXTS.action.save}
        </Button>
        <Button action="attach" label={`${TEXTS.action.attach}: ${picture.name}`} onPress={() => void attach()}>
          {TEXTS.action.attach}
        </Button>
      </div>
      {isOpen.value && url.value !== null ? (
        <Dialog title={picture.name} closeLabel={TEXTS.action.close} onClose={() => (isOpen.value = false)}>
          <img src={url.value} alt={alt} />
        </Dialog>
      ) : null}
    </figure>
  );
}
