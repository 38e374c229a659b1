// Takes the invite out of the address, where it stood after the #, and puts it into the form. A person presses the button:
// merely opening a link must not use it up.
const invite = location.hash.slice(1);
if (invite) {
  history.replaceState(null, "", location.pathname + location.search);
  document.querySelector("textarea[name=invite]").value = invite;
  for (const part of document.querySelectorAll("[data-without-invite]")) part.hidden = true;
  for (const part of document.querySelectorAll("[data-with-invite]")) part.hidden = false;
}
