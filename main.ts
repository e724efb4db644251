/** From the command line to the exit code. Only this file imports src/deno and ends the process. */

import { fromFileUrl, resolve } from "@std/path";
import config from "./deno.json" with { type: "json" };
import { runEarshot } from "./src/cli/run_command.ts";
import { type Environment, Interrupted } from "./src/cli/environment/environment.ts";
import { denoChance } from "./src/deno/chance.ts";
import { denoClock } from "./src/deno/clock.ts";
import { denoConsole } from "./src/deno/console.ts";
import { denoCrypto } from "./src/deno/crypto.ts";
import { denoDisk } from "./src/deno/disk.ts";
import { isColorAllowed, suggestAccountName } from "./src/deno/env.ts";
import { denoProgramFiles } from "./src/deno/gift_source.ts";
import { denoFiles } from "./src/deno/files.ts";
import { denoHttp } from "./src/deno/http.ts";
import { denoDesktop } from "./src/deno/desktop.ts";
import { denoDevice } from "./src/deno/device.ts";
import { denoHostSystem } from "./src/deno/host_system.ts";
import { denoInterfaces } from "./src/deno/interfaces.ts";
import { findOwnProgram, onEndRequest, onUncaught } from "./src/deno/process.ts";
import { denoSystem } from "./src/deno/system.ts";
import { denoTcp } from "./src/deno/tcp.ts";
import { denoUdp } from "./src/deno/udp.ts";
import { startNode } from "./src/node/node.ts";
import { expandTilde, findDefaultHome, findFormerHome } from "./src/store/home/paths.ts";

/** Time limit for leaving. Data that is not on disk by then was acknowledged to nobody. */
const LEAVE_MS_MAX = 950;

Deno.exit(await runEarshot(createEnvironment(listenForEnd()), Deno.args));

/**
 * The first request to end aborts the signal and starts leaving, which has a time limit. A second request ends the
 * process immediately.
 */
function listenForEnd(): AbortSignal {
  const end = new AbortController();
  const leave = (reason: unknown, exitCode: number) => {
    if (end.signal.aborted) return;
    end.abort(reason);
    Deno.unrefTimer(setTimeout(() => Deno.exit(exitCode), LEAVE_MS_MAX));
  };
  onEndRequest((exitCode) => {
    if (end.signal.aborted) Deno.exit(exitCode);
    leave(new Interrupted(exitCode), exitCode);
  });
  onUncaught((error) => leave(error, 1));
  return end.signal;
}

function createEnvironment(signal: AbortSignal): Environment {
  return {
    ports: {
      clock: denoClock(),
      chance: denoChance(),
      crypto: denoCrypto(),
      tcp: denoTcp(),
      udp: denoUdp(),
      interfaces: denoInterfaces(),
      device: denoDevice(),
      system: denoSystem(),
      disk: denoDisk(),
      files: denoFiles(),
    },
    http: denoHttp(),
    console: denoConsole(),
    desktop: denoDesktop(),
    system: denoHostSystem(),
    pageFiles: async () => (await import("./src/web/page_files.ts")).PAGE_FILES,
    gifts: denoProgramFiles(),
    pid: Deno.pid,
    program: findOwnProgram({
      startTask: config.tasks.start.command,
      mainFile: fromFileUrl(import.meta.url),
    }),
    version: config.version,
    suggestedName: suggestAccountName(),
    isColorAllowed: isColorAllowed(),
    isDebug: Boolean(Deno.env.get("EARSHOT_DEBUG")),
    signal,
    defaultHome: () => findDefaultHome((name) => Deno.env.get(name), Deno.build.os),
    formerHome: () => findFormerHome((name) => Deno.env.get(name), Deno.build.os),
    absolutePath: (path) => resolve(expandTilde(path, (name) => Deno.env.get(name))),
    startNode,
  };
}
