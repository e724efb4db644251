/** Parses notices ("joined", "is now known as bob"), which the node writes in English. Pure. */

import type { InvitationRow, LogRow } from "../../../api/commands.ts";

/** The meaning of a notice. */
export type LogNotice =
  | { readonly says: "room" | "invite"; readonly title: string }
  | { readonly says: "file" | "folder"; readonly name: string }
  | { readonly says: "name"; readonly name: string }
  | { readonly says: "join" | "leave" | "move" | "unknown" };

/** Reads the meaning from the row's kind and sentence. */
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

/** The invitation that a notice is about, if it is still open; else null. */
export function findInvitation(
  invitations: readonly InvitationRow[],
  row: Pick<LogRow, "kind" | "text" | "author">,
): InvitationRow | null {
  const notice = parseNotice(row);
  if (notice.says !== "invite") return null;
  return invitations.find(({ from, title }) => from.id === row.author && title === notice.title) ?? null;
}
