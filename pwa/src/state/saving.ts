/** Handing a file to the browser to save. */

const KEPT_MS = 60_000;

export function saveFile(file: File): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = file.name;
  link.click();
  // Safari asks first where to put it, and reads only then.
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}
