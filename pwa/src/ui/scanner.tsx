import { t } from "../i18n/index.ts";
import { useCamera } from "./camera.ts";

interface ScannerProps {
  /** called with each code that is seen */
  onCode: (text: string) => void;
}

/** The camera's picture, watched for QR codes. Says so where there is no camera or it may not be used. */
export function Scanner({ onCode }: ScannerProps) {
  const { video, blocked } = useCamera(async (picture) => {
    // The reader itself is loaded only now.
    const { default: decodeQR } = await import("qr/decode.js");
    try {
      onCode(decodeQR(picture));
    } catch {
      // Most pictures hold no code.
    }
    return false;
  });
  if (blocked) {
    return (
      <p class="notice" role="alert">
        {t("scan-blocked")}
      </p>
    );
  }
  return <video ref={video} class="scanner" muted playsInline aria-label={t("scan-picture")} />;
}
