/** Handing a text or a file over: to another app where the browser can, else to the clipboard or the downloads. */

import { saveFile } from "../state/saving.ts";

const isCalled = (error: unknown, name: string) => error instanceof DOMException && error.name === name;

/** A person who thinks better of it closes the browser's own window, and that is no fault. */
function unlessCancelled(error: unknown): void {
  if (!isCalled(error, "AbortError")) throw error;
}

export const canShare = (): boolean => "share" in navigator;

export async function shareText(text: string): Promise<void> {
  await navigator.share({ text }).catch(unlessCancelled);
}

export async function copyText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}

/** Shares a file, with words if there are any; where files can't be shared, or may not be now, it is saved. */
export async function shareFile(file: File, text?: string): Promise<void> {
  const data = { files: [file], ...(text && { text }) };
  if (!navigator.canShare?.(data)) return saveFile(file);
  try {
    await navigator.share(data);
  } catch (error) {
    // The touch that asked for it counts only for a moment, in which a large file may not have been made.
    if (isCalled(error, "NotAllowedError")) saveFile(file);
    else unlessCancelled(error);
  }
}
