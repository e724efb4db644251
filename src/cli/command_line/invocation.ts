/** What a command line asks for: types only. */

import type { Command, ExportFormat, WaitState } from "../../api/commands.ts";
import type { Shell } from "./shells.ts";
import type { KnownCommand } from "./command_table.ts";

/** Without arguments. One type for each name, so that a switch can tell them apart. */
type Plain<Name extends string> = Name extends string ? { readonly do: Name } : never;

/** What can be asked of a node just so. */
type Asked = Extract<
  Command,
  {
    do:
      | "members"
      | "save"
      | "forget"
      | "note"
      | "block"
      | "words"
      | "verify"
      | "accept"
      | "ignore"
      | "disconnect"
      | "join"
      | "leave"
      | "away"
      | "nick";
  }
>;

/** What is to be done. */
export type Invocation =
  | Plain<
    | "node"
    | "page"
    | "peers"
    | "rooms"
    | "contacts"
    | "requests"
    | "status"
    | "rescan"
    | "stop"
    | "version"
    | "manual"
    | "config-help"
  >
  | Asked
  | { readonly do: "help"; readonly about: KnownCommand | null }
  | { readonly do: "install" | "uninstall"; readonly isSure: boolean }
  | { readonly do: "completions"; readonly shell: Shell }
  | { readonly do: "doctor"; readonly isReport: boolean }
  /** Without a word about it, it is only told. */
  | {
    readonly do: "give";
    readonly isOn?: boolean;
    readonly withOthers?: boolean;
    readonly isQrRefused: boolean;
  }
  /** What to open, or null. */
  | { readonly do: "chat"; readonly to: string | null }
  /** Null to read standard input. */
  | { readonly do: "import"; readonly file: string | null }
  /** Keeps whoever is at an address. */
  | {
    readonly do: "save-place";
    readonly to: string;
    readonly port: number | null;
    readonly label: string | null;
  }
  /** A port only where one was given. */
  | { readonly do: "connect"; readonly to: string; readonly port: number | null }
  | { readonly do: "host"; readonly title: string; readonly isInvited: boolean }
  | {
    readonly do: "invite";
    readonly room: string;
    readonly peers: readonly string[];
    readonly isQrRefused: boolean;
  }
  | {
    readonly do: "renew";
    readonly room: string;
    readonly without: readonly string[];
    readonly isQrRefused: boolean;
  }
  | {
    readonly do: "send";
    readonly to: string;
    /** Null to read it from standard input. */
    readonly text: string | null;
    /** Null not to wait. */
    readonly until: WaitState | null;
    readonly timeoutMs: number;
  }
  | { readonly do: "file"; readonly to: string; readonly paths: readonly string[] }
  /** Null for all conversations. */
  | { readonly do: "files"; readonly to: string | null }
  | {
    readonly do: "get";
    readonly file: string;
    readonly to: string | null;
    readonly into: string | null;
    /** Null to wait as long as it takes. */
    readonly timeoutMs: number | null;
  }
  | { readonly do: "pause" | "cancel"; readonly file: string; readonly to: string | null }
  | { readonly do: "log"; readonly to: string; readonly last: number | null; readonly follow: boolean }
  | { readonly do: "search"; readonly text: string; readonly last: number }
  | Exporting;

/** What is to be written where. */
export interface Exporting {
  readonly do: "export";
  /** Null for all conversations. */
  readonly to: string | null;
  readonly sinceMs: number | null;
  readonly untilMs: number | null;
  readonly format: ExportFormat;
  /** The file, or the folder for all conversations; null for standard output. */
  readonly path: string | null;
  readonly force: boolean;
  /** A folder for the conversation and the files of it that are here; null for neither. */
  readonly withFiles: string | null;
}
