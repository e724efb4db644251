/** What systems tell of ports and firewalls, in their own words; and that ours tells something. */

import { assert, assertEquals } from "@std/assert";
import {
  isMacFirewallOn,
  isUfwOn,
  parseLsof,
  parseNetstatHolder,
  parseNetworkCategories,
  parseOpenFiles,
  parseProcNet,
  parseTasklist,
} from "../../src/deno/system_text.ts";
import { denoSystem } from "../../src/deno/system.ts";

const PROC_TCP =
  `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:270F 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 424242 1 0000 100 0 0 10 0
   1: 0100007F:270F 0100007F:9C40 01 00000000:00000000 00:00000000 00000000  1000        0 424243 1 0000 20 4 30 10 -1
   2: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 999 1 0000 100 0 0 10 0
`;
const PROC_UDP =
  `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
 4711: 00000000:270F 00000000:0000 07 00000000:00000000 00:00000000 00000000  1000        0 515151 2 0000 0
`;
const NETSTAT = `
Aktive Verbindungen

  Proto  Lokale Adresse         Remoteadresse          Status           PID
  TCP    127.0.0.1:9999         127.0.0.1:50000        HERGESTELLT      7
  TCP    0.0.0.0:9999           0.0.0.0:0              ABHÖREN          4242
  UDP    0.0.0.0:9999           *:*                                    5151
`;

Deno.test("inodesOfProcNet finds who listens, and nobody who is only connected", () => {
  assertEquals(parseProcNet(PROC_TCP, { port: 9999, protocol: "tcp" }), ["424242"]);
  assertEquals(parseProcNet(PROC_UDP, { port: 9999, protocol: "udp" }), ["515151"]);
  assertEquals(parseProcNet(PROC_UDP, { port: 9998, protocol: "udp" }), []);
  assertEquals(parseProcNet("rubbish\n\n: : :", { port: 9999, protocol: "udp" }), []);
});

Deno.test("pidOfOpenFiles finds whose socket it is, in what ls says of many processes", () => {
  const listed = `/proc/12/fd:
total 0
lrwx------ 1 me me 64 Nov 21 20:00 0 -> /dev/pts/0
lrwx------ 1 me me 64 Nov 21 20:00 3 -> socket:[7]

/proc/900/fd:
total 0
lrwx------ 1 me me 64 Nov 21 20:00 21 -> 'socket:[424242]'

/proc/self/fd:
lr-x------ 1 me me 64 Nov 21 20:00 3 -> socket:[5]
`;
  assertEquals(parseOpenFiles(listed, new Set(["424242", "1"])), 900);
  assertEquals(parseOpenFiles(listed, new Set(["7"])), 12);
  assertEquals(parseOpenFiles(listed, new Set(["5"])), null);
  assertEquals(parseOpenFiles("rubbish", new Set(["5"])), null);
});

Deno.test("holderOfLsof reads the first process", () => {
  assertEquals(parseLsof("p812\ncnode\nf21\np900\ncother\n"), { program: "node", pid: 812 });
  assertEquals(parseLsof(""), null);
});

Deno.test("pidOfNetstat and programOfTasklist read Windows' tables in any language", () => {
  assertEquals(parseNetstatHolder(NETSTAT, { port: 9999, protocol: "tcp" }), 4242);
  assertEquals(parseNetstatHolder(NETSTAT, { port: 9999, protocol: "udp" }), 5151);
  assertEquals(parseNetstatHolder(NETSTAT, { port: 999, protocol: "udp" }), null);
  assertEquals(
    parseTasklist('"node.exe","4242","Console","1","50.000 K"\r\n'),
    "node.exe",
  );
  assertEquals(parseTasklist("INFORMATION: Es werden keine Aufgaben ausgeführt"), null);
});

Deno.test("firewalls and network categories are read from what systems say", () => {
  assertEquals(isUfwOn("# comment\nENABLED=yes\nLOGLEVEL=low\n"), true);
  assertEquals(isUfwOn("#ENABLED=yes\nENABLED=no\n"), false);
  assertEquals(isMacFirewallOn("Firewall is enabled. (State = 1)\n"), true);
  assertEquals(isMacFirewallOn("Firewall is disabled. (State = 0)\n"), false);
  assertEquals(parseNetworkCategories("Private\r\nPublic\r\n"), true);
  assertEquals(parseNetworkCategories("Private\r\nDomainAuthenticated\r\n"), false);
  assertEquals(parseNetworkCategories(""), null);
});

Deno.test("denoSystem tells of this system, and null of what is not there", async () => {
  const system = denoSystem();
  const folder = await Deno.makeTempDir({ prefix: "earshot-system-" });
  try {
    assert((await system.readFreeBytes(folder) ?? 1) > 0);
    assertEquals(await system.readFreeBytes(`${folder}/none`), null);
    assertEquals(await system.readMode(folder), Deno.build.os === "windows" ? null : 0o700);
    assertEquals(await system.readMode(`${folder}/none`), null);
  } finally {
    await Deno.remove(folder);
  }
  assert(Array.isArray(await system.listFirewalls()));
  // Only Windows tells, and only where there is a PowerShell.
  const isPublic = await system.isNetworkPublic();
  assert(isPublic === null || Deno.build.os === "windows" && typeof isPublic === "boolean");
});

Deno.test({
  name: "denoSystem names the program that has a port",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    using tcp = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const udp = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
    const system = denoSystem();
    const { port } = udp.addr as Deno.NetAddr;
    assertEquals((await system.findHolder(tcp.addr.port, "tcp"))?.pid, Deno.pid);
    assertEquals((await system.findHolder(port, "udp"))?.pid, Deno.pid);
    udp.close();
    assertEquals(await system.findHolder(port, "udp"), null);
  },
});
