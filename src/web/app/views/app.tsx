/** The whole page: three panes on wide screens, one at a time on phones. */

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { countUnread, formatPageTitle } from "../state/roster.ts";
import { hasLog } from "../state/app_state.ts";
import { translate } from "../i18n/i18n.ts";
import { useApp } from "./app_context.ts";
import { DetailsPane } from "./details.tsx";
import { LinkBanner, NotEntered, Welcome } from "./gates.tsx";
import { GiveButton, GiveDialog } from "./give_dialog.tsx";
import { ImportDialog } from "./import_dialog.tsx";
import { PictureDialog } from "./offer.tsx";
import { MePage, NetworkPage, SettingsPage } from "./own_pages.tsx";
import { IconButton, Mark } from "./parts.tsx";
import { ContactsPage, RequestsPage } from "./people_pages.tsx";
import { BlockDialog, EditDialog, ForgetDialog, VerifyDialog } from "./person_dialogs.tsx";
import { QuitDialog } from "./quit_dialog.tsx";
import {
  ExportDialog,
  InviteDialog,
  JoinDialog,
  LeaveDialog,
  RenewDialog,
  StartDialog,
} from "./room_dialogs.tsx";
import { SearchPage } from "./search_page.tsx";
import { SendDialog, useNoStrayDrops } from "./sending.tsx";
import { Sidebar } from "./sidebar.tsx";
import { ConversationPane } from "./conversation.tsx";

/** The page. */
export function App(): JSX.Element {
  const { state } = useApp();
  const { connection, isLoaded, conversation, rooms, contacts, preferences } = state;
  useTitle();
  useShortcuts();
  useFocus();
  useNoStrayDrops();
  if (connection.value.at === "shut") return <NotEntered why={connection.value.why} />;
  if (!isLoaded.value) {
    return (
      <>
        <LinkBanner />
        <Connecting />
      </>
    );
  }
  const isNew = rooms.value.every(({ joined, direct }) => !joined && !direct) &&
    contacts.value.contacts.length === 0;
  if (isNew && !preferences.value.isWelcomed) {
    return (
      <>
        <LinkBanner />
        <Welcome />
      </>
    );
  }
  const at = state.route.value.at;
  const hasDetails = conversation.value !== null && hasLog(conversation.value) &&
    state.openId.value !== null &&
    (at === "details" || preferences.value.areDetailsShown);
  const pane = at === "home" ? "list" : at === "details" ? "details" : "main";
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>{translate("app.skip")}</a>
      <LinkBanner />
      <div class="shell" data-pane={pane} data-details={hasDetails}>
        <Sidebar />
        <main id="main" class="main" tabIndex={-1}>
          <MainPane />
        </main>
        {hasDetails && <DetailsPane />}
      </div>
      <OpenDialog />
      <Announcements />
    </>
  );
}

function MainPane(): JSX.Element {
  const { state } = useApp();
  switch (state.route.value.at) {
    case "home":
      return <Home />;
    case "conversation":
    case "details":
      return <ConversationPane />;
    case "search":
      return <SearchPage />;
    case "contacts":
      return <ContactsPage />;
    case "requests":
      return <RequestsPage />;
    case "settings":
      return <SettingsPage />;
    case "network":
      return <NetworkPage />;
    case "me":
      return <MePage />;
  }
}

function Home(): JSX.Element {
  const { routing, state } = useApp();
  const isAlone = state.peers.value.length === 0;
  const { dialog } = state;
  return (
    <section class="pane main-pane home" aria-labelledby="home-title">
      <Mark />
      <h1 id="home-title">{isAlone ? translate("home.aloneTitle") : translate("home.title")}</h1>
      <p>{isAlone ? translate("home.alone") : translate("home.text")}</p>
      {isAlone && (
        <p>
          {translate("give.nobody")} <GiveButton />
        </p>
      )}
      <div class="buttons">
        <button type="button" class="primary" onClick={() => dialog.value = { is: "start" }}>
          {translate("nav.start")}
        </button>
        {isAlone
          ? (
            <button type="button" onClick={() => routing.go({ at: "network" })}>
              {translate("list.help")}
            </button>
          )
          : (
            <button type="button" onClick={() => dialog.value = { is: "join" }}>
              {translate("nav.join")}
            </button>
          )}
      </div>
    </section>
  );
}

function OpenDialog(): JSX.Element | null {
  const { state } = useApp();
  const { value: dialog } = state.dialog;
  switch (dialog?.is) {
    case undefined:
      return null;
    case "start":
      return <StartDialog key="start" />;
    case "join":
      return <JoinDialog key="join" link={dialog.link ?? ""} />;
    case "give":
      return <GiveDialog key="give" />;
    case "quit":
      return <QuitDialog key="quit" />;
    case "import":
      return <ImportDialog key="import" />;
    case "send":
      return <SendDialog key="send" to={dialog.to} room={dialog.room} />;
    case "picture":
      return <PictureDialog key="picture" file={dialog.file} />;
    case "invite":
      return <InviteDialog key="invite" room={dialog.room} />;
    case "renew":
      return <RenewDialog key="renew" room={dialog.room} />;
    case "leave":
      return <LeaveDialog key="leave" room={dialog.room} />;
    case "export":
      return <ExportDialog key="export" room={dialog.room} />;
    case "verify":
      return <VerifyDialog key="verify" peer={dialog.peer} />;
    case "edit":
      return <EditDialog key="edit" peer={dialog.peer} />;
    case "block":
      return <BlockDialog key="block" peer={dialog.peer} />;
    case "forget":
      return <ForgetDialog key="forget" peer={dialog.peer} />;
  }
}

/** The toast, and the text that only a screen reader says. */
function Announcements(): JSX.Element {
  const { state } = useApp();
  const { toast, announcement } = state;
  return (
    <>
      <div class="notice-place" role="status">
        {toast.value !== null && (
          <div class="notice" data-is={toast.value.isProblem ? "problem" : "plain"}>
            <p>{toast.value.text}</p>
            <IconButton icon="close" label={translate("app.dismiss")} onClick={() => toast.value = null} />
          </div>
        )}
      </div>
      <div class="unseen" aria-live="polite" role="status">{announcement.value}</div>
    </>
  );
}

function Connecting(): JSX.Element {
  return (
    <main class="gate">
      <div class="gate-box">
        <Mark />
        <p role="status">{translate("link.connecting")}</p>
      </div>
    </main>
  );
}

function useTitle(): void {
  const { state } = useApp();
  const unread = countUnread(state.rooms.value);
  const title = formatPageTitle({
    unread,
    place: state.openId.value === null ? null : state.conversation.value?.room.title ?? null,
  });
  useEffect(() => {
    document.title = title;
  }, [title]);
}

/** Moves the focus to the shown pane when its element is hidden, as happens on a phone. */
function useFocus(): void {
  const { state } = useApp();
  const { route, preferences } = state;
  const isStarted = useRef(false);
  useEffect(() => {
    // The first route moves no focus.
    if (!isStarted.current) return void (isStarted.current = true);
    const { activeElement } = document;
    const isLost = activeElement === null || activeElement === document.body ||
      (activeElement instanceof HTMLElement && !activeElement.checkVisibility());
    const shown = document.querySelector<HTMLElement>(
      route.value.at === "home" ? ".list-pane [data-row]" : ".shell #main",
    );
    const aside = document.querySelector<HTMLElement>(".details-pane button");
    if (isLost) (route.value.at === "details" ? aside : shown)?.focus({ preventScroll: true });
  }, [route.value, preferences.value.isWelcomed]);
}

/** Ctrl+K or ⌘K opens the search. */
function useShortcuts(): void {
  const { routing, state } = useApp();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (
        event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey
      ) return;
      event.preventDefault();
      state.dialog.value = null;
      routing.go({ at: "search" });
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

function skip(event: MouseEvent): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}
