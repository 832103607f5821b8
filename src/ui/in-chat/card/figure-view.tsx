import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Button, Dialog, isTrustedPress, saveBytes, watchControl } from '../../kit/index.ts';
import { TEXTS } from '../../texts.ts';
import type { Picture } from './artifact-bytes.ts';
import { useServices } from './services.ts';

const SVG = 'image/svg+xml';

interface FigureProps {
  readonly picture: Picture;
  readonly number: number;
  readonly onShown: () => void;
  readonly onNote: (text: string) => void;
}

const MOST_PX = 4096;

/** A drawing (SVG) is a document: opened in a tab of its own it would be one of the site's. So it is shown as dots. */
async function dotsOf({ mime, bytes }: Picture): Promise<ImageBitmap | HTMLImageElement> {
  const blob = new Blob([bytes], { type: mime });
  if (mime !== SVG) return createImageBitmap(blob);
  const drawing = new Image();
  drawing.src = URL.createObjectURL(blob);
  try {
    await drawing.decode();
    return drawing;
  } finally {
    URL.revokeObjectURL(drawing.src);
  }
}

/** A picture by a blob address; drawings, and where the page's policy refuses those, by a canvas, which no policy covers. */
export function Figure({ picture, number, onShown, onNote }: FigureProps) {
  const services = useServices();
  const url = useSignal<string | null>(null);
  const isOpen = useSignal(false);
  const isRefused = useSignal(picture.mime === SVG);
  const canvas = useRef<HTMLCanvasElement>(null);
  const alt = TEXTS.figure.alt(number);
  useEffect(() => {
    if (picture.mime === SVG) return void drawInstead();
    const made = URL.createObjectURL(new Blob([picture.bytes], { type: picture.mime }));
    url.value = made;
    return () => URL.revokeObjectURL(made);
  }, [picture]);
  const drawInstead = async () => {
    isRefused.value = true;
    try {
      const dots = await dotsOf(picture);
      const target = canvas.current;
      if (target === null) return;
      target.width = Math.min(dots.width, MOST_PX);
      target.height = Math.min(dots.height, MOST_PX);
      target.getContext('2d')?.drawImage(dots, 0, 0, target.width, target.height);
      onShown();
    } catch {
      // No picture at all, or a drawing that the page's policy refuses: Save still hands out its bytes.
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
          ref={watchControl}
          onClick={(event) => {
            if (isTrustedPress(event)) isOpen.value = true;
          }}
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
