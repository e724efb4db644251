import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { parseNetstatRoutes, parseProcRoute, parseRoutePrint } from "../../src/deno/routes.ts";

const PROC_ROUTE = `\
Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
wlan0	00000000	012BA8C0	0003	0	0	600	00000000	0	0	0
eth0	00000000	FE01000A	0003	0	0	100	00000000	0	0	0
wlan0	002BA8C0	00000000	0001	0	0	600	00FFFFFF	0	0	0
docker0	000011AC	00000000	0001	0	0	0	0000FFFF	0	0	0
eth0	00000A0A	0101000A	0003	0	0	100	0000FFFF	0	0	0
`;

Deno.test("gatewaysOfProcRoute finds each default route's gateway", () => {
  assertEquals(parseProcRoute(PROC_ROUTE), ["192.168.43.1", "10.0.1.254"]);
});

Deno.test("gatewaysOfProcRoute finds none where a hotspot's owner has none", () => {
  const lines = PROC_ROUTE.split("\n").filter((line) => !/\t00000000\t[0-9A-F]{8}\t0003/.test(line));
  assertEquals(parseProcRoute(lines.join("\n")), []);
});

Deno.test("gatewaysOfProcRoute leaves out routes that are down or lead through no gateway", () => {
  assertEquals(parseProcRoute("wlan0 00000000 012BA8C0 0002 0 0 0 00000000 0 0 0"), []);
  assertEquals(parseProcRoute("tun0 00000000 00000000 0001 0 0 0 00000000 0 0 0"), []);
});

const NETSTAT = `\
Routing tables

Internet:
Destination        Gateway            Flags               Netif Expire
default            192.168.178.1      UGScg                 en0
default            link#24            UCSIg           bridge100      !
127                127.0.0.1          UCS                   lo0
127.0.0.1          127.0.0.1          UH                    lo0
169.254            link#11            UCS                   en0      !
192.168.178        link#11            UCS                   en0      !
192.168.178.1/32   link#11            UCS                   en0      !
224.0.0/4          link#11            UmCS                  en0      !
255.255.255.255/32 link#11            UCS                   en0      !

Internet6:
Destination                             Gateway                                 Flags               Netif Expire
default                                 fe80::%utun0                            UGcIg               utun0
::1                                     ::1                                     UHL                   lo0
`;

Deno.test("gatewaysOfNetstat finds the default route's gateway and nothing of IPv6", () => {
  assertEquals(parseNetstatRoutes(NETSTAT), ["192.168.178.1"]);
});

const ROUTE_PRINT = `\
===========================================================================
Interface List
 14...a4 c3 f0 11 22 33 ......Intel(R) Wi-Fi 6 AX201 160MHz\r
  1...........................Software Loopback Interface 1\r
===========================================================================\r
\r
IPv4 Route Table\r
===========================================================================\r
Active Routes:\r
Network Destination        Netmask          Gateway       Interface  Metric\r
          0.0.0.0          0.0.0.0      192.168.0.1     192.168.0.42     35\r
          0.0.0.0          0.0.0.0         On-link      10.8.0.2         5\r
        127.0.0.0        255.0.0.0         On-link         127.0.0.1    331\r
      192.168.0.0    255.255.255.0         On-link      192.168.0.42    291\r
  255.255.255.255  255.255.255.255         On-link      192.168.0.42    291\r
===========================================================================\r
Persistent Routes:\r
  Network Address          Netmask  Gateway Address  Metric\r
          0.0.0.0          0.0.0.0      10.11.12.13  Default \r
===========================================================================\r
`;

Deno.test("gatewaysOfRoutePrint finds the active default route's gateway", () => {
  assertEquals(parseRoutePrint(ROUTE_PRINT), ["192.168.0.1"]);
});

Deno.test("gatewaysOfRoutePrint does not depend on the language", () => {
  const german = "          0.0.0.0          0.0.0.0   192.168.137.1   192.168.137.20     25\r\n" +
    "          0.0.0.0          0.0.0.0   Auf Verbindung        10.8.0.2      5\r\n";
  assertEquals(parseRoutePrint(german), ["192.168.137.1"]);
});

const PARSERS = [
  [parseProcRoute, PROC_ROUTE],
  [parseNetstatRoutes, NETSTAT],
  [parseRoutePrint, ROUTE_PRINT],
] as const;

for (const [parse, sample] of PARSERS) {
  Deno.test(`${parse.name} gives nothing but addresses, whatever the text`, () => {
    const isAddress = (text: string) =>
      text.split(".").length === 4 &&
      text.split(".").every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => parse(text).every(isAddress)));
    fc.assert(
      fc.property(fc.nat(sample.length - 1), fc.string({ maxLength: 4 }), (at, text) => {
        assert(parse(sample.slice(0, at) + text + sample.slice(at + 1)).every(isAddress));
        assert(parse(sample.slice(0, at)).every(isAddress));
      }),
    );
  });
}
