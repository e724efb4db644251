/** Servers that others use for the same: started here in plaintext, without throttles, each on the core that earshot has. */

import { join } from "@std/path";
import { freeTcpPort } from "../../tests/fixtures/free_ports.ts";
import { onCore } from "./processes.ts";

/** Which protocol a peer speaks. */
export type PeerKind = "irc" | "mqtt";

/** The servers, as Debian names them. */
export const PEERS = ["ngircd", "inspircd", "mosquitto"] as const;
export type PeerName = typeof PEERS[number];

/** How long a server may take until it listens. */
const LISTEN_MS_MAX = 10_000;

/** A running server. Disposing ends it. */
export class PeerServer implements AsyncDisposable {
  readonly name: PeerName;
  readonly kind: PeerKind;
  readonly port: number;
  readonly pid: number;
  readonly #child: Deno.ChildProcess;

  private constructor(
    name: PeerName,
    { port, child }: { readonly port: number; readonly child: Deno.ChildProcess },
  ) {
    this.name = name;
    this.kind = name === "mosquitto" ? "mqtt" : "irc";
    this.port = port;
    this.pid = child.pid;
    this.#child = child;
  }

  /** Starts it, with what it keeps in that folder. */
  static async start(
    name: PeerName,
    { folder, core }: { readonly folder: string; readonly core: number },
  ): Promise<PeerServer> {
    const port = freeTcpPort();
    const config = join(folder, `${name}.conf`);
    await Deno.writeTextFile(config, CONFIGS[name](port, folder));
    const [program = "", ...args] = onCore(core, COMMANDS[name](config));
    const child = new Deno.Command(program, { args, stdin: "null", stdout: "null", stderr: "null" }).spawn();
    const server = new PeerServer(name, { port, child });
    const untilMs = performance.now() + LISTEN_MS_MAX;
    while (!await listens(port)) {
      if (performance.now() < untilMs) continue;
      await server[Symbol.asyncDispose]();
      throw new Error(`${name} does not listen`);
    }
    return server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGTERM");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // It has ended.
    }
    await this.#child.status;
  }
}

/** Installs what is missing (Debian, root), and keeps the system from starting it. @throws {Error} that says why not. */
export async function installPeers(): Promise<void> {
  const missing: string[] = [];
  for (const name of PEERS) if (!await exists(`/usr/sbin/${name}`)) missing.push(name);
  if (missing.length === 0) return;
  for (const args of [["update", "-qq"], ["install", "-y", "-qq", ...missing]]) {
    const env = { DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
    const { success, stderr } = await new Deno.Command("apt-get", { args, env, stdout: "null" }).output();
    if (!success) throw new Error(`apt-get ${args[0]} failed: ${new TextDecoder().decode(stderr)}`);
  }
}

const COMMANDS: Readonly<Record<PeerName, (config: string) => readonly string[]>> = {
  ngircd: (config) => ["/usr/sbin/ngircd", "-n", "-f", config],
  inspircd: (config) => ["/usr/sbin/inspircd", "--runasroot", "--nofork", "--nolog", `--config=${config}`],
  mosquitto: (config) => ["/usr/sbin/mosquitto", "-c", config],
};

const CONFIGS: Readonly<Record<PeerName, (port: number, folder: string) => string>> = {
  ngircd: (port, folder) =>
    `[Global]
Name = irc.bench.test
Info = bench
Listen = 127.0.0.1
Ports = ${port}
MotdFile = /dev/null
PidFile = ${folder}/ngircd.pid
[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxJoins = 0
MaxPenaltyTime = 0
MaxNickLength = 30
PingTimeout = 3600
PongTimeout = 3600
[Options]
DNS = no
Ident = no
PAM = no
`,
  inspircd: (port) =>
    `<config format="xml">
<server name="irc.bench.test" description="bench" network="bench" id="1AA">
<admin name="bench" nick="bench" email="bench@bench.test">
<bind address="127.0.0.1" port="${port}" type="clients">
<connect name="all" allow="*" timeout="60" pingfreq="3600" hardsendq="1073741824" softsendq="1073741824" recvq="1048576" threshold="1000000" commandrate="1000000000" fakelag="no" localmax="100000" globalmax="100000" limit="100000" maxconnwarn="no" resolvehostnames="no" useconnectban="no" useconnflood="no" maxchans="20">
<performance netbuffersize="65534" maxwho="4096" somaxconn="4096" softlimit="100000" clonesonconnect="no" quietbursts="yes">
<options prefixquit="" splitwhois="no" defaultmodes="" syntaxhints="no">
<limits maxnick="31" maxchan="64" maxmodes="20" maxline="512">
<security hidewhois="" userstats="" customversion="">
<dns timeout="1">
`,
  mosquitto: (port) =>
    `listener ${port} 127.0.0.1
allow_anonymous true
persistence false
set_tcp_nodelay true
max_inflight_messages 0
max_queued_messages 0
max_queued_bytes 0
log_dest none
user root
`,
};

async function listens(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return false;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return false;
  }
}
