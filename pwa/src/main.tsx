import "./styles/base.css";
import "./styles/postcard.css";
import "./styles/counting.css";
import { effect } from "@preact/signals";
import { render } from "preact";
import { appName, language } from "./i18n/index.ts";
import { NewerStore } from "./safety/vault.ts";
import { watchUnstored } from "./state/counting.ts";
import { openDelivery } from "./state/delivery.ts";
import { watchInstall } from "./state/device.ts";
import { watchInvite } from "./state/invite.ts";
import { watchLocking, wipe } from "./state/locking.ts";
import { openSession } from "./state/session.ts";
import { watchStorage } from "./state/storage.ts";
import { applyUpdate, watchUpdates } from "./state/updates.ts";
import { watchVouching } from "./state/vouching.ts";
import { App, NotOpened } from "./ui/app.tsx";

// First of all: what stands behind the # must not stay in the address or the history.
watchInvite();
watchVouching();
watchInstall();

const place = document.getElementById("app");
if (!place) throw new Error("the page has no place for the app");

effect(() => {
  document.documentElement.lang = language.value;
  document.title = appName();
});

/** No `await` stands outside of it: what is loaded meanwhile waits until this module has run, and would be waited for here. */
async function start(root: HTMLElement): Promise<void> {
  try {
    await openSession();
    openDelivery(wipe);
    watchLocking();
    watchStorage();
    watchUnstored();
    render(<App />, root);
  } catch (error) {
    render(<NotOpened error={error} />, root);
    // The newer app that this phone's data needs takes over as soon as it is here.
    if (error instanceof NewerStore) applyUpdate();
  }
  await watchUpdates();
}

void start(place);
