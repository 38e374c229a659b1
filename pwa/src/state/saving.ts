/** Handing a file to the browser to save, or to another app. */

export function saveFile(file: File): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = file.name;
  link.click();
  URL.revokeObjectURL(address);
}

export const canShare = (file: File): boolean => navigator.canShare?.({ files: [file] }) ?? false;

/** Resolves when the person has chosen, or has thought better of it. */
export async function shareFile(file: File): Promise<void> {
  await navigator.share({ files: [file] }).catch(() => {});
}
