/**
 * Finds the node that does what a command asks: the one that runs with this home, or a new one in this process.
 * The lock of the home says whether one runs. node.json alone could be left over from a crash, and whoever listens at
 * that port now would be told messages; so a left one is removed under the lock, before anything is sent.
 */

import { message } from "../../messages/message.ts";
import { DiskError, NetworkError, WorldError } from "../../errors.ts";
import type { SelfDistribution } from "../../node/support/self_distribution.ts";
import type { Node, NodeOptions } from "../../node/node.ts";
import type { NodeApi } from "../../api/node_api.ts";
import type { Ports } from "../../ports/node_ports.ts";
import type { Disk } from "../../ports/storage.ts";
import { type HomePaths, toHomePaths } from "../../store/home/paths.ts";
import { GiveSwitch } from "../../web/give/give_switch.ts";
import { startControl } from "../../web/control/control_server.ts";
import type { PageEntries } from "../../web/shared/entry_links.ts";
import { type PageServerOptions, startPage } from "../../web/page/page_server.ts";
import { type NodeFile, parseNodeFile } from "../../web/control/node_file.ts";
import type { GlobalOptions } from "../command_line/global_options.ts";
import { type DebugLogFile, openDebugLog } from "./log_file.ts";
import { toBugLine } from "./log_line.ts";
import { LoggedNode } from "./logged_node.ts";
import { resolveOutputPath } from "../environment/output_path.ts";
import { ControlClient } from "./control_client.ts";
import { LockedDisk } from "./locked_disk.ts";
import type { Environment } from "../environment/environment.ts";
import { sleep } from "../environment/abortable.ts";

/** How long to wait for another command that has the home and cannot be talked to: it will be done by then. */
const HOME_WAIT_MS = 10_000;
/** Between two looks at the home. */
const LOOK_MS = 100;
/** Time for a running node to answer a first question; a process that was halted never does. */
const ANSWER_MS_MAX = 2_000;

/** The kind of node that a command needs. */
export interface NodeNeed {
  /** Absolute. */
  readonly home: string;
  readonly globalOptions: GlobalOptions;
  /** Whether a new node uses the network. */
  readonly network: boolean;
  /** It is to stay until it is stopped: a node that goes away by itself will not do. */
  readonly lasting: boolean;
  /** Only a node of this process will do. */
  readonly own: boolean;
  /** Hears of faults of our own. */
  onBug(error: unknown): void;
}

/** A node to talk to. Disposing lets it go: a node of this process stops. */
export interface ConnectedNode extends AsyncDisposable {
  readonly runner: NodeApi;
  /** The way into its page; null for a node of this process that serves none. */
  readonly page: PageEntries | null;
  /** The node of this process, or null if another process runs it. */
  readonly own: Node | null;
  /** The node file of the other process. */
  readonly file: NodeFile | null;
}

/** Finds a node, or starts one. @throws {WorldError} if neither can be, or as the environment's signal says. */
export async function connectNode(environment: Environment, need: NodeNeed): Promise<ConnectedNode> {
  const { clock } = environment.ports;
  const paths = toHomePaths(need.home);
  const untilMs = clock.nowMs() + HOME_WAIT_MS;
  for (;;) {
    environment.signal.throwIfAborted();
    const isLate = clock.nowMs() >= untilMs;
    const lock = await lockHome(environment, paths);
    if (lock !== "taken" || isLate) {
      const started = await startOwnNode(environment, { need, paths, lock: lock === "taken" ? null : lock });
      if ("connected" in started) return started.connected;
      if (isLate || !started.isTaken) throw started.error;
    }
    const running = await findRunningNode(environment, paths);
    if (running !== null && (running.file.lasting || !need.lasting)) {
      if (!need.own) return running;
      throw new WorldError(message("node.runs-already", { home: need.home, pid: running.file.pid }));
    }
    await sleep(clock, LOOK_MS, environment.signal);
  }
}

/** The running node of a home, or null: never starts one. */
export async function findNode(environment: Environment, home: string): Promise<ConnectedNode | null> {
  const paths = toHomePaths(home);
  const { clock } = environment.ports;
  const untilMs = clock.nowMs() + HOME_WAIT_MS;
  while (!await isFree(environment, paths) && clock.nowMs() < untilMs) {
    const running = await findRunningNode(environment, paths);
    if (running !== null) return running;
    environment.signal.throwIfAborted();
    await sleep(clock, LOOK_MS, environment.signal);
  }
  return null;
}

/** Resolves to whether no node has the home any more, at the latest after that many ms. */
export async function waitUntilFree(environment: Environment, home: string, ms: number): Promise<boolean> {
  const { clock } = environment.ports;
  const untilMs = clock.nowMs() + ms;
  for (;;) {
    if (await isFree(environment, toHomePaths(home))) return true;
    if (clock.nowMs() >= untilMs || environment.signal.aborted) return false;
    await sleep(clock, LOOK_MS, environment.signal);
  }
}

async function isFree(environment: Environment, paths: HomePaths): Promise<boolean> {
  const lock = await lockHome(environment, paths);
  if (lock === "taken") return false;
  lock?.[Symbol.dispose]();
  return true;
}

/** The lock of the home, with what a dead node left behind removed; null if there is no such folder yet, or if it does not let us. */
async function lockHome(
  { ports: { disk } }: Environment,
  paths: HomePaths,
): Promise<Disposable | null | "taken"> {
  let lock: Disposable | null = null;
  try {
    lock = await disk.lock(paths.lock);
    if (lock === null) return "taken";
    await disk.remove(paths.node);
    return lock;
  } catch (error) {
    lock?.[Symbol.dispose]();
    // Starting a node makes the folder, or says what is wrong with it.
    if (error instanceof DiskError) return null;
    throw error;
  }
}

async function findRunningNode(
  environment: Environment,
  paths: HomePaths,
): Promise<ConnectedNode & { readonly file: NodeFile } | null> {
  const bytes = await environment.ports.disk.read(paths.node);
  const file = bytes === null ? null : parseNodeFile(new TextDecoder().decode(bytes));
  if (file === null) return null;
  const runner = new ControlClient(environment.http, file);
  if (!await isAnswering(environment, runner)) return null;
  return { runner, page: runner, own: null, file, [Symbol.asyncDispose]: () => Promise.resolve() };
}

async function isAnswering(
  { ports: { clock }, signal }: Environment,
  client: ControlClient,
): Promise<boolean> {
  const late = new AbortController();
  using timer = clock.timer(() => late.abort());
  timer.wakeAt(clock.nowMs() + ANSWER_MS_MAX);
  try {
    await client.runUnless({ do: "status" }, AbortSignal.any([late.signal, signal]));
    return true;
  } catch (error) {
    signal.throwIfAborted();
    if (late.signal.aborted || error instanceof WorldError) return false;
    throw error;
  }
}

interface Start {
  readonly need: NodeNeed;
  readonly paths: HomePaths;
  /** Taken before, so that no other process can take it meanwhile. */
  readonly lock: Disposable | null;
}

/** Why a node could not be started. */
interface NotStarted {
  readonly error: WorldError;
  /** Another process has the home. */
  readonly isTaken: boolean;
}

async function startOwnNode(
  environment: Environment,
  { need, paths, lock }: Start,
): Promise<{ readonly connected: ConnectedNode } | NotStarted> {
  const { http, pid } = environment;
  const disk = new LockedDisk(environment.ports.disk, { path: paths.lock, lock });
  const ports = { ...environment.ports, disk };
  await using parts = new AsyncDisposableStack();
  parts.use(disk);
  const giveSwitch = parts.use(
    new GiveSwitch({ ports, source: environment.gifts, version: environment.version, onBug: need.onBug }),
  );
  let started: Node;
  try {
    started = parts.use(
      await environment.startNode(
        toNodeOptions(environment, { need, ports, distribution: giveSwitch }),
        environment.signal,
      ),
    );
  } catch (error) {
    if (error instanceof WorldError) return { error, isTaken: disk.isTaken };
    throw error;
  }
  const log = await openLog(environment, need);
  const node = log === null ? started : parts.use(new LoggedNode(started, { log, clock: ports.clock }));
  const onBug = (error: unknown) => {
    log?.note(toBugLine(error));
    need.onBug(error);
  };
  let page: PageEntries | null = null;
  if (need.network) {
    page = await startOwnPage(environment, { need: { ...need, onBug }, paths, disk, node }, parts);
    const control = {
      runner: node,
      ports,
      http,
      page,
      path: paths.node,
      pid,
      lasting: need.lasting,
      onBug,
    };
    parts.use(await explainNetworkError("node.control-closed", () => startControl(control)));
  }
  const owned = parts.move();
  return {
    connected: {
      runner: node,
      page,
      own: node,
      file: null,
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    },
  };
}

/** Null where none is wanted. @throws {UsageError}, {WorldError} for a place that will not do. */
async function openLog(
  environment: Environment,
  { globalOptions: { logFile, logLevel }, home }: NodeNeed,
): Promise<DebugLogFile | null> {
  if (logFile === null) return null;
  const path = resolveOutputPath(logFile, { environment, home });
  return await openDebugLog({ path, level: logLevel ?? "info", ports: environment.ports });
}

/** The page of a node that stays; null for one that goes away with its command, and where none is wanted. */
async function startOwnPage(
  { ports, http, version, pageFiles: files }: Environment,
  { need: { lasting, globalOptions, onBug }, paths, disk, node }: {
    readonly need: NodeNeed;
    readonly paths: HomePaths;
    readonly disk: Disk;
    readonly node: Node;
  },
  parts: AsyncDisposableStack,
): Promise<PageEntries | null> {
  if (!lasting || globalOptions.isPageOff || files === null) return null;
  const options: PageServerOptions = {
    files,
    runner: node,
    me: node.id,
    version,
    ports: { ...ports, disk },
    http,
    path: paths.page,
    entryPath: paths.pageEntry,
    uploads: paths.uploads,
    onNotice: (text) => node.notice(text),
    onBug,
  };
  return parts.use(await explainNetworkError("node.page-closed", () => startPage(options)));
}

function toNodeOptions(
  environment: Environment,
  { need: { home, globalOptions, network }, ports, distribution }: {
    readonly need: NodeNeed;
    readonly ports: Ports;
    readonly distribution: SelfDistribution;
  },
): NodeOptions {
  const { name, port, discoveryPort, interfaces, sessionPorts } = globalOptions;
  return {
    ports,
    home,
    pid: environment.pid,
    version: environment.version,
    suggestedName: environment.suggestedName,
    network,
    distribution,
    ...(name !== null && { name }),
    ...(port !== null && { port }),
    ...(discoveryPort !== null && { discoveryPort }),
    ...(interfaces !== null && { interfaces }),
    ...(sessionPorts !== null && { sessionPorts }),
  };
}

async function explainNetworkError<T>(
  code: "node.control-closed" | "node.page-closed",
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    throw new WorldError(message(code, { reason: error.reason }), { cause: error });
  }
}
