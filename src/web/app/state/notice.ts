/** Notices ("joined", "is now known as bob"): the node says them in English, the page in the user's language. Pure. */

import type { LogRow } from "../../../api/commands.ts";

/** What a notice tells. */
export type LogNotice =
  | { readonly says: "room" | "invite"; readonly title: string }
  | { readonly says: "file" | "folder"; readonly name: string }
  | { readonly says: "name"; readonly name: string }
  | { readonly says: "join" | "leave" | "move" | "unknown" };

/** What the row tells, by its kind and the sentence of the node. */
export function parseNotice({ kind, text }: Pick<LogRow, "kind" | "text">): LogNotice {
  switch (kind) {
    case "room":
    case "invite":
      return { says: kind, title: /"(.*)"$/s.exec(text)?.[1] ?? "" };
    case "file": {
      const [, folder, name] = /^offers (the folder )?"([^"]*)"/.exec(text) ?? [];
      return name === undefined
        ? { says: "unknown" }
        : { says: folder === undefined ? "file" : "folder", name };
    }
    case "name":
      return { says: "name", name: text.replace(/^is now known as /, "") };
    case "join":
    case "leave":
    case "move":
      return { says: kind };
    default:
      return { says: "unknown" };
  }
}
