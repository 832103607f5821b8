import { useSignal } from '@preact/signals';
import { Button, Dialog, isTrustedPress, saveBytes, watchControl } from '../../kit/index.ts';
import { TEXTS } from '../../texts.ts';
import type { Picture } from './artifact-bytes.ts';
import { PictureCanvas } from './picture-canvas.tsx';
import { useServices } from './services.ts';

interface FigureProps {
  readonly picture: Picture;
  readonly number: number;
  readonly onShown: () => void;
  readonly onNote: (text: string) => void;
}

/** A picture that opens large; a drawing (SVG) is never a document of its own: it is shown as dots, too. */
export function Figure({ picture, number, onShown, onNote }: FigureProps) {
  const services = useServices();
  const isOpen = useSignal(false);
  const { mime, bytes } = picture;
  const alt = TEXTS.figure.alt(number);
  // Save still hands out the bytes of what cannot be shown.
  const onBroken = () => onNote(TEXTS.figure.broken);
  const attach = async () => {
    const isTaken = await services.attach([new File([picture.bytes], picture.name, { type: picture.mime })]);
    onNote(isTaken ? TEXTS.composer.attached([picture.name]) : TEXTS.composer.notAttached);
  };
  return (
    <figure class="figure" data-part="figure" data-name={picture.name} data-bytes={picture.bytes.length}>
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
        <PictureCanvas mime={mime} bytes={bytes} alt={alt} onShown={onShown} onBroken={onBroken} />
      </button>
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
      {isOpen.value ? (
        <Dialog title={picture.name} closeLabel={TEXTS.action.close} onClose={() => (isOpen.value = false)}>
          <PictureCanvas mime={mime} bytes={bytes} alt={alt} />
        </Dialog>
      ) : null}
    </figure>
  );
}
