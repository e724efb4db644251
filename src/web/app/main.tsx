/** Where the page begins. */

import { render } from "preact";
import { startDesk } from "./desk.ts";
import { App } from "./views/app.tsx";

const root = document.getElementById("app");
if (root === null) throw new Error("index.html has no place for the page");
void startDesk();
root.replaceChildren();
render(<App />, root);
