import type { FunctionComponent } from "preact";
import { ErrorBoundary, LocationProvider, Route, Router, lazy as suspended } from "preact-iso";
import { type PlainKey, t } from "../i18n/index.ts";
import { OtherTabs } from "../safety/tabs.ts";
import { NewerStore, vaultState } from "../safety/vault.ts";
import { cover } from "../state/locking.ts";
import { loadPage, pageMissing } from "../state/parts.ts";
import { entered, membership } from "../state/session.ts";
import { EventPage } from "./event.tsx";
import { EventsPage } from "./events.tsx";
import { Page } from "./page.tsx";
import { PinPage, UnlockPage } from "./safety/unlock.tsx";
import { UnwipedPage, WipedPage } from "./safety/wipe.tsx";

/** The addresses of the app; the dashboards and public pages belong to the server. */
const SCOPE = /^\/(?:$|[?#]|join(?:$|[?#])|app\/)/;

function NotFound() {
  return (
    <Page title={t("app-not-found")}>
      <p>{t("app-not-found-lead")}</p>
      <p>
        <a class="button" href="/">
          {t("app-to-events")}
        </a>
      </p>
    </Page>
  );
}

/** A page that comes when it is first shown. */
function lazy(load: () => Promise<FunctionComponent | { default: FunctionComponent }>) {
  return suspended(() => loadPage(load));
}

const WelcomePage = lazy(() => import("./welcome.tsx").then((page) => page.WelcomePage));
const JoinPage = lazy(() => import("./join.tsx").then((page) => page.JoinPage));

/** A page that only makes sense for a phone that has joined; others are told how to. */
function joined(Inside: FunctionComponent): FunctionComponent {
  return () => (membership.value ? <Inside /> : <WelcomePage />);
}

const Events = joined(EventsPage);
const New = joined(lazy(() => import("./event-form.tsx").then((page) => page.EventForm)));
const OneEvent = joined(EventPage);
const Delivery = joined(lazy(() => import("./delivery.tsx").then((page) => page.DeliveryPage)));
const Courier = joined(lazy(() => import("./courier/courier.tsx").then((page) => page.CourierPage)));
const Settings = joined(lazy(() => import("./settings.tsx").then((page) => page.SettingsPage)));
const Fair = joined(lazy(() => import("./fair/list.tsx")));
const Closing = joined(lazy(() => import("./closing/page.tsx")));
const Press = joined(lazy(() => import("./closing/press.tsx")));
const Print = joined(lazy(() => import("./print/page.tsx")));
const Person = joined(lazy(() => import("./fair/person.tsx")));
const Safety = joined(lazy(() => import("./safety/page.tsx")));
const Vouching = joined(lazy(() => import("./vouching.tsx").then((page) => page.VouchingPage)));
const PaperPrint = joined(lazy(() => import("./paper/print.tsx").then((page) => page.PaperPrintPage)));
const PaperFind = joined(lazy(() => import("./paper/find.tsx").then((page) => page.PaperFindPage)));
const PaperEnter = joined(lazy(() => import("./paper/enter.tsx").then((page) => page.PaperEnterPage)));

/** What is to be seen before any page is. */
function Covered() {
  if (cover.value === "wiped") return <WipedPage />;
  if (cover.value === "unwiped") return <UnwipedPage />;
  if (cover.value === "pin") return <PinPage />;
  if (cover.value === "locking") return null;
  return vaultState.value === "locked" ? <UnlockPage /> : <p class="opening quiet">{t("app-loading")}</p>;
}

export function App() {
  if (cover.value !== "none" || !entered.value) return <Covered />;
  return (
    <LocationProvider scope={SCOPE}>
      {pageMissing.value && (
        <p class="notice" role="status" data-testid="page-missing">
          {t("app-page-missing")}
        </p>
      )}
      <ErrorBoundary>
        <Router>
          <Route path="/" component={Events} />
          <Route path="/join" component={JoinPage} />
          <Route path="/app/new" component={New} />
          <Route path="/app/event/:ulid" component={OneEvent} />
          <Route path="/app/event/:ulid/closing" component={Closing} />
          <Route path="/app/event/:ulid/press" component={Press} />
          <Route path="/app/fair" component={Fair} />
          <Route path="/app/print" component={Print} />
          <Route path="/app/person/:ulid" component={Person} />
          <Route path="/app/event/:ulid/print" component={PaperPrint} />
          <Route path="/app/event/:ulid/paper" component={PaperFind} />
          <Route path="/app/event/:ulid/paper/:number" component={PaperEnter} />
          <Route path="/app/delivery" component={Delivery} />
          <Route path="/app/courier" component={Courier} />
          <Route path="/app/settings" component={Settings} />
          <Route path="/app/sign-in" component={Vouching} />
          <Route path="/app/safety" component={Safety} />
          <Route default component={NotFound} />
        </Router>
      </ErrorBoundary>
    </LocationProvider>
  );
}

function obstacleOf(error: unknown): PlainKey {
  if (error instanceof NewerStore) return "app-newer-store";
  if (error instanceof OtherTabs) return "app-other-tabs";
  return isSecureContext ? "app-no-storage" : "app-insecure";
}

/** Why this page can't be opened: nothing is stored, and nothing taken for counted. */
export function NotOpened({ error }: { error: unknown }) {
  return (
    <main class="page">
      <div class="notice" role="alert" data-testid="not-opened">
        <p>{t(obstacleOf(error))}</p>
        <button class="button" type="button" onClick={() => location.reload()}>
          {t("app-try-again")}
        </button>
      </div>
    </main>
  );
}
