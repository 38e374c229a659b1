import { useEffect, useRef, useState } from "preact/hooks";

const LOOK_EVERY_MS = 120;
/** Pixels of a picture's longer side that are looked at: no code of ours needs more. */
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

/** What is seen in a picture: resolves with true once enough was seen. */
type Look = (picture: ImageData) => Promise<boolean>;

/** Shows the camera to `video` and its pictures to `look`, one after the other, until the signal is aborted or enough is seen. */
async function watch(video: HTMLVideoElement, look: Look, signal: AbortSignal): Promise<void> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  const stop = () => {
    for (const track of stream.getTracks()) track.stop();
  };
  if (signal.aborted) return stop();
  signal.addEventListener("abort", stop);
  video.srcObject = stream;
  await video.play();
  const canvas = document.createElement("canvas");
  while (!signal.aborted) {
    const seen = picture(video, canvas);
    if (seen && (await look(seen))) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** The camera, for as long as a page part shows it. `blocked` where there is none or it may not be used. */
export function useCamera(look: Look) {
  const video = useRef<HTMLVideoElement>(null);
  const latest = useRef(look);
  latest.current = look;
  const [blocked, setBlocked] = useState(false);
  useEffect(() => {
    const gone = new AbortController();
    if (video.current)
      watch(video.current, (seen) => latest.current(seen), gone.signal).catch(() =>
        setBlocked(!gone.signal.aborted),
      );
    return () => gone.abort();
  }, []);
  return { video, blocked };
}
