/** Keeping the place of whoever goes through a page by keys or by ear. */

/** Moves the focus on where a control is about to go with its item of a list: to what is `like` it in the next item, or the one before. */
export function focusNeighbour(control: HTMLElement, like: string): void {
  if (document.activeElement !== control) return;
  const item = control.closest("li");
  const neighbour = item?.nextElementSibling ?? item?.previousElementSibling;
  const next =
    neighbour?.querySelector<HTMLElement>(like) ?? item?.closest("details")?.querySelector("summary");
  next?.focus();
}
