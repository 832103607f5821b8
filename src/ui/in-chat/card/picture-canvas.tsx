import { useEffect, useRef } from 'preact/hooks';

const SVG = 'image/svg+xml';
/** Longest side that is drawn; larger pictures are drawn smaller, Save hands out all of them. */
const MOST_PX = 4096;

interface PictureCanvasProps {
  readonly mime: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly alt: string;
  readonly onShown?: () => void;
  /** No picture at all, or one that the page's policy refuses. */
  readonly onBroken?: () => void;
}

async function dotsOf(mime: string, bytes: Uint8Array<ArrayBuffer>): Promise<ImageBitmap | HTMLImageElement> {
  const blob = new Blob([bytes], { type: mime });
  if (mime !== SVG) return createImageBitmap(blob);
  // Drawn without ever standing in the document: nothing tells the page of its address.
  const drawing = new Image();
  drawing.src = URL.createObjectURL(blob);
  try {
    await drawing.decode();
    return drawing;
  } finally {
    URL.revokeObjectURL(drawing.src);
  }
}

/**
 * A picture as dots. Not an image with a blob address: the browser tells the page the addresses of large images
 * (largest-contentful-paint and its kin), and whoever knows that address can read the picture.
 */
export function PictureCanvas({ mime, bytes, alt, onShown, onBroken }: PictureCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const draw = async () => {
      const dots = await dotsOf(mime, bytes);
      const target = canvas.current;
      if (target === null) return;
      const scale = Math.min(1, MOST_PX / Math.max(dots.width, dots.height));
      target.width = Math.max(1, Math.round(dots.width * scale));
      target.height = Math.max(1, Math.round(dots.height * scale));
      target.getContext('2d')?.drawImage(dots, 0, 0, target.width, target.height);
      onShown?.();
    };
    draw().catch(() => onBroken?.());
  }, [bytes, mime]);
  return <canvas ref={canvas} role="img" aria-label={alt} />;
}
