/** Where the page begins. */

import { render } from "preact";
import { startApp } from "./controllers/app_controller.ts";
import { App } from "./views/app.tsx";

const root = document.getElementById("app");
if (root === null) throw new Error("index.html has no place for the page");
void startApp();
root.replaceChildren();
render(<App />, root);
