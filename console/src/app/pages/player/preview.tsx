/** The small picture above the strip, of the moment below the pointer. */

import { useEffect, useRef, useState } from "react";
import type { Player } from "../../../player/player";
import { clockText } from "../../../parts/words";

const WIDTH = 240;

interface PreviewProps {
  player: Player;
  atMs: number;
  wholeMs: number;
  pictures: boolean;
  /** Width of the strip in pixels. */
  room: number;
}

export function Preview({ player, atMs, wholeMs, pictures, room }: PreviewProps): React.JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [drawn, setDrawn] = useState(false);
  useEffect(() => {
    if (!pictures) return;
    let here = true;
    const draw = (image: ImageBitmap | null): void => {
      const node = canvas.current;
      if (image === null || node === null || !here) return;
      node.width = image.width;
      node.height = image.height;
      node.getContext("2d")?.drawImage(image, 0, 0);
      image.close();
      setDrawn(true);
    };
    // One that can't be had leaves the time alone; the player says what is wrong.
    player.scout.preview(atMs, WIDTH).then(draw, () => undefined);
    return () => {
      here = false;
    };
  }, [player, atMs, pictures]);
  const left = Math.min(Math.max((atMs / wholeMs) * room - WIDTH / 2, 0), Math.max(room - WIDTH, 0));
  return (
    <div className="player-preview" style={{ left, width: WIDTH }} data-drawn={drawn}>
      <canvas ref={canvas} hidden={!drawn} width={1} height={1} aria-hidden />
      <span className="num">{clockText(atMs)}</span>
    </div>
  );
}
