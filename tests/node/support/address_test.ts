import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../../src/errors.ts";
import { parseEndpoint } from "../../../src/node/support/address.ts";

Deno.test("parseEndpoint takes an address with or without a port", () => {
  const cases: readonly [string, string, number][] = [
    ["192.168.43.1", "192.168.43.1", 9999],
    ["192.168.43.1:9998", "192.168.43.1", 9998],
    ["127.0.0.1:1", "127.0.0.1", 1],
    ["10.0.0.255:65535", "10.0.0.255", 65_535],
    ["[fe80::1]:9998", "fe80::1", 9998],
    ["[fe80::1%wlan0]", "fe80::1%wlan0", 9999],
    ["::1", "::1", 9999],
    ["fe80::1", "fe80::1", 9999],
  ];
  for (const [text, address, port] of cases) assertEquals(parseEndpoint(text), { address, port }, text);
});

Deno.test("parseEndpoint leaves to others what does not look like an address", () => {
  for (const text of ["Attic", "#Attic", "alice", "room 101", "10", "", "abcd", "alice:9999", "1.5 litres"]) {
    assertEquals(parseEndpoint(text), null, text);
  }
});

Deno.test("parseEndpoint says what is wrong with what looks like an address", () => {
  const cases: readonly [string, string][] = [
    [
      "192.168.43",
      '"192.168.43" is not an address. An address has four numbers from 0 to 255, such as 192.168.43.1',
    ],
    [
      "192.168.43.256",
      '"192.168.43.256" is not an address. An address has four numbers from 0 to 255, such as 192.168.43.1',
    ],
    [
      "1.2.3.4.5",
      '"1.2.3.4.5" is not an address. An address has four numbers from 0 to 255, such as 192.168.43.1',
    ],
    [
      "0001.2.3.4",
      '"0001.2.3.4" is not an address. An address has four numbers from 0 to 255, such as 192.168.43.1',
    ],
    ["192.168.43.1:", '"" is not a port. A port is a whole number from 1 to 65535'],
    ["192.168.43.1:http", '"http" is not a port. A port is a whole number from 1 to 65535'],
    ["192.168.43.1:0", '"0" is not a port. A port is a whole number from 1 to 65535'],
    ["192.168.43.1:65536", '"65536" is not a port. A port is a whole number from 1 to 65535'],
    ["[fe80::1]:99999", '"99999" is not a port. A port is a whole number from 1 to 65535'],
  ];
  for (const [text, message] of cases) assertThrows(() => parseEndpoint(text), UsageError, message);
});
