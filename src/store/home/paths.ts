/** The paths of a home and of a room's folder. Pure. */

import { message } from "../../messages/message.ts";
import { basename, join } from "@std/path";
import { WorldError } from "../../errors.ts";
import { parseRoomId, type RoomId } from "../../room/id.ts";
import { sanitizeLine } from "../../text/sanitize.ts";

/**
 * Characters of a title in a folder's name: enough to tell folders apart. 40 characters of four bytes, the dash and
 * the id stay below the 255 bytes of common file systems.
 */
export const FOLDER_TITLE_CHARS_MAX = 40;
/**
 * UTF-16 units of a title that are examined: above the limit of `parseTitle`. Normalising a megabyte of marks takes
 * minutes.
 */
const TITLE_UNITS_MAX = 1_024;
/** Characters of a room's id. */
const ROOM_ID_CHARS = 26;

/** The paths in a home. */
export interface HomePaths {
  readonly folder: string;
  readonly identity: string;
  readonly contacts: string;
  readonly config: string;
  readonly node: string;
  /** The page's port, and the browsers that have logged in. */
  readonly page: string;
  /** Opens the page in a browser; exists for a moment. */
  readonly pageEntry: string;
  readonly rooms: string;
  /** Files that pages uploaded in order to offer them. */
  readonly uploads: string;
  /** The pid of the running or last node, for users and messages. */
  readonly pid: string;
  /**
   * The file that is locked while a node runs. It is empty, because on Windows other processes cannot read a locked
   * file.
   */
  readonly lock: string;
}

/** The paths in a room's folder. */
export interface RoomFolder {
  readonly id: RoomId;
  readonly folder: string;
  readonly log: string;
  /** A summary of the log; it may be deleted. */
  readonly index: string;
  readonly vectors: string;
  /** Only in an invite-only room. */
  readonly secret: string;
  /** Received files. */
  readonly files: string;
  /** The state of file offers. */
  readonly offers: string;
}

/**
 * The default home of this user: EARSHOT_HOME, or the system's folder for application data. @throws {WorldError} if
 * the environment names none.
 */
export function findDefaultHome(env: (name: string) => string | undefined, os: string): string {
  const named = env("EARSHOT_HOME");
  // No shell expands it in a unit of systemd or in a file of variables.
  if (named) return expandTilde(named, env);
  if (os === "windows") {
    // The part of the profile that stays on this machine.
    const localAppData = env("LOCALAPPDATA");
    if (localAppData) return `${localAppData}\\earshot`;
    throw new WorldError(message("home.no-default", { variable: "LOCALAPPDATA" }));
  }
  const home = env("HOME");
  const dataHome = env("XDG_DATA_HOME");
  // The XDG Base Directory Specification says to ignore paths that are not absolute.
  if (os !== "darwin" && dataHome?.startsWith("/")) return `${dataHome.replace(/\/+$/, "")}/earshot`;
  if (!home) {
    throw new WorldError(message("home.no-default", { variable: "HOME" }));
  }
  return os === "darwin" ? `${home}/Library/Application Support/earshot` : `${home}/.local/share/earshot`;
}

/** The path with a leading `~` replaced by the user's folder, as a shell does it; as it is where the environment names none. */
export function expandTilde(path: string, env: (name: string) => string | undefined): string {
  const userFolder = env("HOME") || env("USERPROFILE");
  return userFolder && /^~(?:[\\/]|$)/.test(path) ? userFolder + path.slice(1) : path;
}

/** Where an earlier version kept the home that `findDefaultHome` names now; null if it was there already. */
export function findFormerHome(env: (name: string) => string | undefined, os: string): string | null {
  const appData = env("APPDATA");
  return os === "windows" && !env("EARSHOT_HOME") && appData ? `${appData}\\earshot` : null;
}

/** Where things are in the home of that folder. */
export function toHomePaths(folder: string): HomePaths {
  return {
    folder,
    identity: join(folder, "identity.json"),
    contacts: join(folder, "contacts.dat"),
    config: join(folder, "config.json"),
    node: join(folder, "node.json"),
    page: join(folder, "page.json"),
    pageEntry: join(folder, "enter.html"),
    rooms: join(folder, "rooms"),
    uploads: join(folder, "uploads"),
    pid: join(folder, "lock"),
    lock: join(folder, "lock.os"),
  };
}

/**
 * The name of a room's folder: a harmless form of its title, and its id. Letters and digits of any script stay;
 * everything else, including dots and separators, becomes a dash. The id at the end prevents the name of a Windows
 * device.
 */
export function formatRoomFolderName(id: RoomId, title: string): string {
  const seen = title.slice(0, TITLE_UNITS_MAX).normalize("NFC").replace(/[\p{Cc}\p{Cf}\p{DI}]+/gu, "-");
  const safe = sanitizeLine(seen).replace(/[^\p{L}\p{M}\p{N}_]+/gu, "-");
  const short = [...safe.replace(/^-/, "")].slice(0, FOLDER_TITLE_CHARS_MAX).join("").replace(/-$/, "");
  return `${short === "" ? "room" : short}-${id}`;
}

/** Whether the folder was created for a room with that title. Users can rename folders, so false proves nothing. */
export function hasTitle({ id, folder }: RoomFolder, title: string): boolean {
  return basename(folder) === formatRoomFolderName(id, title);
}

/** The room id in a folder's name, or null. */
export function parseRoomFolderName(name: string): RoomId | null {
  const id = name.slice(-ROOM_ID_CHARS);
  return name === id || name.at(-ROOM_ID_CHARS - 1) === "-" ? parseRoomId(id) : null;
}

/** The paths in a room's folder. */
export function toRoomFolder(folder: string, id: RoomId): RoomFolder {
  return {
    id,
    folder,
    log: join(folder, "log.jsonl"),
    index: join(folder, "log.index"),
    vectors: join(folder, "seen.json"),
    secret: join(folder, "secret"),
    files: join(folder, "files"),
    offers: join(folder, "offers"),
  };
}
