import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n/index.ts";

interface ScannerProps {
  /** called with each code that is seen */
  onCode: (text: string) => void;
}

/** Reads codes in the frames of a video until it is stopped. The reader itself is loaded only now. */
async function readCodes(video: HTMLVideoElement, signal: AbortSignal, onCode: (text: string) => void) {
  const { default: decodeQR } = await import("qr/decode.js");
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const look = () => {
    if (signal.aborted || !context) return;
    if (video.videoWidth > 0) {
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      context.drawImage(video, 0, 0);
      try {
        onCode(decodeQR(context.getImageData(0, 0, canvas.width, canvas.height)));
      } catch {
        // Most frames hold no code.
      }
    }
    setTimeout(look, LOOK_EVERY_MS);
  };
  look();
}

const LOOK_EVERY_MS = 150;

/** The camera's picture, watched for QR codes. Says so where there is no camera or it may not be used. */
export function Scanner({ onCode }: ScannerProps) {
  const video = useRef<HTMLVideoElement>(null);
  const latest = useRef(onCode);
  latest.current = onCode;
  const [blocked, setBlocked] = useState(false);
  useEffect(() => {
    const stopped = new AbortController();
    let stream: MediaStream | undefined;
    const start = async () => {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      if (stopped.signal.aborted || !video.current) return stop();
      video.current.srcObject = stream;
      await video.current.play();
      await readCodes(video.current, stopped.signal, (text) => latest.current(text));
    };
    const stop = () => {
      stopped.abort();
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
    start().catch(() => {
      if (!stopped.signal.aborted) setBlocked(true);
    });
    return stop;
  }, []);
  if (blocked) {
    return (
      <p class="notice" role="alert">
        {t("scan-blocked")}
      </p>
    );
  }
  return <video ref={video} class="scanner" muted playsInline aria-label={t("scan-picture")} />;
}
