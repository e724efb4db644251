/** The outside of all commands: main.ts makes it of this machine, tests of fakes. */

import type { Node, NodeOptions } from "../../node/node.ts";
import type { Ports } from "../../ports/node_ports.ts";
import type { Http } from "../../ports/http.ts";
import type { ProgramFiles } from "../../ports/program_files.ts";
import type { PageFiles } from "../../web/page/page_file.ts";
import type { Console } from "../../ports/terminal.ts";
import type { Desktop } from "../../ports/desktop.ts";
import type { HostSystem } from "../../ports/host_system.ts";

/** This earshot as a program that can be started again. */
export interface ProgramInfo {
  /** The executable; null for an earshot that runs from its source. */
  readonly executable: string | null;
  /** The program and arguments that start it without a command. */
  readonly words: readonly string[];
}

/** The outside, as commands see it. */
export interface Environment {
  readonly ports: Ports;
  readonly http: Http;
  readonly console: Console;
  readonly desktop: Desktop;
  readonly system: HostSystem;
  /** The page; null serves none. */
  readonly pageFiles: PageFiles | null;
  /** The program files to give to others; null for an earshot that runs from its source. */
  readonly gifts: ProgramFiles | null;
  readonly pid: number;
  readonly program: ProgramInfo;
  readonly version: string;
  /** The name of a new user: the account's or the computer's name, unchanged. */
  readonly suggestedName: string;
  /** Whether the environment allows colours. */
  readonly isColorAllowed: boolean;
  /** Whether to show the stacks of our own faults. */
  readonly isDebug: boolean;
  /** Aborts at the first Ctrl-C or other request to end, with an `Interrupted`; at an error that nobody caught, with that. */
  readonly signal: AbortSignal;
  /** The home where none is named. @throws {WorldError} if there is no place for it. */
  defaultHome(): string;
  /** Where an earlier version kept the default home; null if nowhere else. */
  formerHome(): string | null;
  /** The path from the working folder. */
  absolutePath(path: string): string;
  startNode(options: NodeOptions, signal: AbortSignal): Promise<Node>;
}

/** The user, or the system, wants the program to end. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  /** What a shell expects of a program that ended so: 128 and the signal's number. */
  readonly exitCode: number;

  constructor(exitCode: number) {
    super("Interrupted");
    this.exitCode = exitCode;
  }
}
