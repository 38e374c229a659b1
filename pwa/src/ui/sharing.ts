/** Handing a text or a file over: to another app where the browser can, else to the clipboard or the downloads. */

import { saveFile } from "../state/saving.ts";

/** A person who thinks better of it closes the browser's own window, and that is no fault. */
function unlessCancelled(error: unknown): void {
  if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
}

export const canShare = (): boolean => "share" in navigator;

export async function shareText(text: string): Promise<void> {
  await navigator.share({ text }).catch(unlessCancelled);
}

export async function copyText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}

/** Shares a file, with words if there are any; where files can't be shared, it is saved. */
export async function shareFile(file: File, text?: string): Promise<void> {
  const data = { files: [file], ...(text && { text }) };
  if (navigator.canShare?.(data)) await navigator.share(data).catch(unlessCancelled);
  else saveFile(file);
}
