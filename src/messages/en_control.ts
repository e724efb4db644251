/** The control address, the page's socket and what ends a command early. */

import type { Texts } from "./catalogue.ts";

/** English. */
export const EN_CONTROL = {
  "control.no-path": "There is nothing at this path",
  "control.only-post": "Only POST requests are answered here",
  "control.not-json-type": "The body must be of type application/json",
  "control.too-long": "The command is too long; at most {max} bytes are allowed",
  "control.not-json": "The body is not valid JSON",
  "control.bad-command": "{problem}",
  "control.is-file": '"isFile" must be true or false',
  "control.no-page": "This earshot serves no page: it was started with --no-page",
  "control.wrong-host": "The Host header does not match this address",
  "control.from-web-page": "Web pages may not use this address",
  "control.wrong-token": "The token is missing or wrong",
  "control.busy": "Too many commands are in progress. Try again in a moment",
  "page.not-entered": "This browser has not entered, or earshot was restarted",
  "page.body-too-long": "The body is too long",
  "page.no-token": 'The body must be an object with a "token"',
  "page.link-used": 'This link was already used, or earshot was restarted. Get a new one with "earshot page"',
  "page.too-many": "Too many pages are open",
  "page.only-websocket": "Only WebSocket connections are answered here",
  "page.file-not-here": "That file is not here",
  "page.is-folder": '"{name}" is a folder. It is at "{path}"',
  "page.not-shown": "Files of this kind are not displayed",
  "page.too-large-to-show": "It is too large to be displayed",
  "page.only-method": "Only {allow} requests are answered here",
  "node.stopped": "earshot stopped before this was done",
  "node.bug": "The running earshot hit an internal error. Your data is safe",
  "bug.no-log":
    "This is a bug in earshot: {cause}. Your data is safe. Start it with EARSHOT_DEBUG=1 to see more",
  "bug.logged": 'This is a bug in earshot: {cause}. Your data is safe. See "{path}" for details',
  "text.any": "{text}",
} as const satisfies Texts;
