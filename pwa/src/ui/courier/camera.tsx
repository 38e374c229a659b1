import { useEffect, useRef, useState } from "preact/hooks";
import { readCode } from "../../courier/codes.ts";
import { type Collected, Collector } from "../../courier/frames.ts";
import { t } from "../../i18n/index.ts";
import type { Bytes } from "../../sync/keys.ts";

const LOOK_MS = 120;
/** Pixels of a picture's longer side that are looked at: a code of version 13 needs no more. */
const LARGEST = 720;

function picture(video: HTMLVideoElement, canvas: HTMLCanvasElement): ImageData | undefined {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const scale = Math.min(1, LARGEST / Math.max(video.videoWidth, video.videoHeight));
  if (!context || video.videoWidth === 0) return undefined;
  canvas.width = video.videoWidth * scale;
  canvas.height = video.videoHeight * scale;
  context.drawImage(video, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/** Looks through the camera until a parcel is whole, or until it is taken away. */
function useCamera(onParcel: (parcel: Bytes) => void) {
  const video = useRef<HTMLVideoElement>(null);
  const [collected, setCollected] = useState<Collected>({ seen: 0, count: 0 });
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const collector = new Collector();
    const canvas = document.createElement("canvas");
    let stream: MediaStream | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let gone = false;
    const look = async () => {
      const seen = video.current && picture(video.current, canvas);
      const frame = seen && readCode(seen);
      const next = frame && (await collector.take(frame));
      if (gone) return;
      if (next) setCollected(next);
      if (next?.parcel) onParcel(next.parcel);
      else timer = setTimeout(() => void look(), LOOK_MS);
    };
    const open = async () => {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      if (gone || !video.current) return close();
      video.current.srcObject = stream;
      await video.current.play();
      await look();
    };
    const close = () => {
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
    open().catch(() => setFailed(!gone));
    return () => {
      gone = true;
      clearTimeout(timer);
      close();
    };
  }, []);
  return { video, collected, failed };
}

export function Camera({ onParcel }: { onParcel: (parcel: Bytes) => void }) {
  const { video, collected, failed } = useCamera(onParcel);
  if (failed) {
    return (
      <p class="notice trouble" role="alert">
        {t("courier-no-camera")}
      </p>
    );
  }
  return (
    <figure class="code-screen">
      <video ref={video} muted playsInline aria-label={t("courier-camera")} />
      <figcaption class="quiet" aria-live="polite" data-testid="courier-seen">
        {collected.count > 0
          ? t("courier-seen", { seen: collected.seen, count: collected.count })
          : t("courier-camera-hint")}
      </figcaption>
    </figure>
  );
}
