/** `earshot install` and `earshot uninstall`: shows what will be done, asks, and does it. */

import { message } from "../../messages/message.ts";
import { dirname } from "@std/path";
import { UsageError, WorldError } from "../../errors.ts";
import { replaceFile } from "../../store/files/atomic_write.ts";
import { formatDiskError } from "../../store/files/disk_error_text.ts";
import { type Autostart, createAutostart, MARK } from "./autostart.ts";
import type { CommandContext } from "../node_access/command_context.ts";
import { resolveOutputPath } from "../environment/output_path.ts";
import type { Environment } from "../environment/environment.ts";

const DONE = 0;
const FAILED = 1;
const YES = /^y(?:es)?$/i;
/** Characters of an answer: more is none. */
const ANSWER_CHARS_MAX = 100;

/** Makes the system start earshot at each login; the exit code. @throws {UsageError} without a terminal to ask in, {WorldError}. */
export async function install(
  { isSure }: { readonly isSure: boolean },
  context: CommandContext,
): Promise<number> {
  const { environment, output } = context;
  const entry = createEntry(context);
  await isOurs(entry, environment);
  const isWanted = await askUser(isSure, context, {
    rows: [{ path: entry.path, text: entry.text, runs: entry.start }],
    lines: [
      `This will write "${entry.path}":`,
      "",
      ...entry.text.trimEnd().split(/\r?\n/).map((line) => `    ${line}`),
      "",
      ...formatRuns(entry.start),
      'earshot then runs whenever you are logged in, and does not open a browser. To undo this: "earshot uninstall".',
    ],
  });
  if (!isWanted) return FAILED;
  await formatDiskError(message("doing.write", { path: entry.path }), async () => {
    await environment.ports.disk.makeFolder(dirname(entry.path));
    await replaceFile(environment.ports.disk, {
      path: entry.path,
      bytes: new TextEncoder().encode(entry.text),
    });
  });
  await start(entry, environment);
  await output.note("Installed.");
  return DONE;
}

/** Undoes `install`; the exit code. @throws {UsageError} without a terminal to ask in, {WorldError}. */
export async function uninstall(
  { isSure }: { readonly isSure: boolean },
  context: CommandContext,
): Promise<number> {
  const { environment, output } = context;
  const entry = createEntry(context);
  if (!await isOurs(entry, environment)) {
    throw new WorldError(message("install.none", { path: entry.path }));
  }
  const isWanted = await askUser(isSure, context, {
    rows: [{ path: entry.path, runs: [...entry.stop, ...entry.forget] }],
    lines: [
      ...formatRuns(entry.stop),
      `This will remove "${entry.path}".`,
      ...formatRuns(entry.forget),
      "Your messages, contacts and keys are kept.",
    ],
  });
  if (!isWanted) return FAILED;
  await removeEntry(entry, environment);
  const rest = entry.stop.length === 0 ? ' A running earshot continues until "earshot stop".' : "";
  await output.note(`Uninstalled.${rest}`);
  return DONE;
}

function createEntry(context: CommandContext): Autostart {
  const { environment: { system, program }, home } = context;
  if (system.entryFolder === null) {
    throw new WorldError(message("install.no-folder"));
  }
  return createAutostart(system.autostart, {
    folder: system.entryFolder,
    userId: system.userId,
    words: [...program.words, "node", "--quiet", "--home", home, ...listStartWords(context)],
  });
}

/** The options that apply when a node starts, as they are typed. @throws {UsageError} for values that the node would refuse at login. */
function listStartWords({ globalOptions, environment, home }: CommandContext): readonly string[] {
  const { name, port, discoveryPort, sessionPorts, interfaces, logFile, logLevel, isPageOff, isTypingOff } =
    globalOptions;
  const option = (written: string, value: string | number | null) =>
    value === null ? [] : [written, String(value)];
  return [
    ...option("--name", name),
    ...option("--port", port),
    ...option("--discovery-port", discoveryPort),
    ...option("--session-ports", sessionPorts && `${sessionPorts.from}-${sessionPorts.to}`),
    ...(interfaces ?? []).flatMap((each) => option("--interface", each)),
    ...option("--log-file", logFile && resolveOutputPath(logFile, { environment, home })),
    ...option("--log-level", logLevel),
    ...isPageOff ? ["--no-page"] : [],
    ...isTypingOff ? ["--no-typing"] : [],
  ];
}

/** Whether there is an entry of earshot's. @throws {WorldError} if there is one that is not. */
async function isOurs({ path }: Autostart, { ports: { disk } }: Environment): Promise<boolean> {
  const bytes = await formatDiskError(message("doing.read", { path }), () => disk.read(path));
  if (bytes === null) return false;
  if (new TextDecoder().decode(bytes).includes(MARK)) return true;
  throw new WorldError(message("install.foreign", { path }));
}

async function start(entry: Autostart, environment: Environment): Promise<void> {
  for (const words of entry.start) {
    const { isDone, errorText: said } = await environment.system.run(words);
    if (isDone) continue;
    await removeEntry(entry, environment);
    const values = { line: words.join(" "), path: entry.path };
    throw new WorldError(
      said === "" ? message("install.failed", values) : message("install.failed-saying", { ...values, said }),
    );
  }
}

/** The node may have stopped already, so a program that fails here is no failure. */
async function removeEntry(
  { path, stop, forget }: Autostart,
  { system, ports: { disk } }: Environment,
): Promise<void> {
  for (const words of stop) await system.run(words);
  await formatDiskError(message("doing.remove", { path }), () => disk.remove(path));
  for (const words of forget) await system.run(words);
}

function formatRuns(runs: readonly (readonly string[])[]): readonly string[] {
  return runs.map((words) => `This will run: ${words.join(" ")}`);
}

/** Shows the plan; whether the user wants it. */
async function askUser(
  isSure: boolean,
  { environment: { console }, output }: CommandContext,
  plan: { readonly rows: readonly unknown[]; readonly lines: readonly string[] },
): Promise<boolean> {
  await output.show(plan);
  if (isSure) return true;
  if (!console.isInTerminal || output.isJson) {
    throw new UsageError(message("install.no-terminal"));
  }
  await console.err("Do it? [y/N] ");
  if (YES.test(await readAnswer(console))) return true;
  await output.note("Nothing was done.");
  return false;
}

/** One line of input, or the rest of it at its end. */
async function readAnswer(console: Environment["console"]): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  while (!/[\r\n]/.test(text) && text.length < ANSWER_CHARS_MAX) {
    const piece = await console.read();
    if (piece === null) break;
    text += decoder.decode(piece, { stream: true });
  }
  return text.trim();
}
