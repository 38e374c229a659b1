import { useMemo, useState } from "preact/hooks";
import { readCode } from "../../courier/codes.ts";
import { type Collected, Collector } from "../../courier/frames.ts";
import type { Bytes } from "../../domain/bytes.ts";
import { t } from "../../i18n/index.ts";
import { useCamera } from "../camera.ts";

/** Looks through the camera until a parcel is whole, or until it is taken away. */
export function Camera({ onParcel }: { onParcel: (parcel: Bytes) => void }) {
  const collector = useMemo(() => new Collector(), []);
  const [collected, setCollected] = useState<Collected>({ seen: 0, count: 0 });
  const { video, blocked } = useCamera(async (picture) => {
    const frame = readCode(picture);
    const next = frame && (await collector.take(frame));
    if (next) setCollected(next);
    if (next?.parcel) onParcel(next.parcel);
    return next?.parcel !== undefined;
  });
  if (blocked) {
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
