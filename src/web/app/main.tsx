/** Starts the page in its document. */

import { render } from "preact";
import { ADDRESS_BAR } from "./browser/address_bar.ts";
import { PAGE_WINDOW } from "./browser/browser_window.ts";
import { PAGE_CLOCK } from "./browser/clock.ts";
import { FILE_TRANSPORT } from "./browser/node_files.ts";
import { NOTIFIER } from "./browser/notifier.ts";
import { exchangeToken, SOCKET_PORTS } from "./browser/socket_ports.ts";
import { PAGE_STORAGE } from "./browser/storage.ts";
import { startApp } from "./controllers/start_app.ts";
import { createState } from "./state/app_state.ts";
import { App } from "./views/app.tsx";
import { AppContext } from "./views/app_context.ts";

const root = document.getElementById("app");
if (root === null) throw new Error("index.html has no element with the id app");
const app = startApp(createState(), {
  socket: SOCKET_PORTS,
  clock: PAGE_CLOCK,
  storage: PAGE_STORAGE,
  window: PAGE_WINDOW,
  address: ADDRESS_BAR,
  notifier: NOTIFIER,
  files: FILE_TRANSPORT,
  enter: exchangeToken,
});
root.replaceChildren();
render(
  <AppContext.Provider value={app}>
    <App />
  </AppContext.Provider>,
  root,
);
