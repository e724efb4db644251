import { assertEquals } from "@std/assert";
import { isLoopback, isPort, isSessionPortRange, parsePort } from "../../src/encoding/network_address.ts";

Deno.test("parsePort takes whole numbers from 1 to 65535", () => {
  assertEquals(["1", "9999", "65535", "09"].map(parsePort), [1, 9999, 65_535, 9]);
  for (const text of ["", "0", "65536", "-1", "1.5", "1e3", "0x10", " 80", "٣", "99999999999999999999"]) {
    assertEquals(parsePort(text), null, text);
  }
});

Deno.test("isPort takes whole numbers from 1 to 65535 only, and no text", () => {
  for (const value of [1, 9999, 65_535]) assertEquals(isPort(value), true, `${value}`);
  for (const value of [0, 65_536, -1, 1.5, NaN, Infinity, "9999", null, undefined]) {
    assertEquals(isPort(value), false, `${value}`);
  }
});

Deno.test("isSessionPortRange takes ports from 1024 in ascending order", () => {
  assertEquals(isSessionPortRange(1_024, 65_535), true);
  assertEquals(isSessionPortRange(50_000, 50_000), true);
  assertEquals(isSessionPortRange(1_023, 2_000), false);
  assertEquals(isSessionPortRange(50_001, 50_000), false);
  assertEquals(isSessionPortRange(50_000, 65_536), false);
});

Deno.test("isLoopback knows this device's own addresses", () => {
  for (const address of ["127.0.0.1", "127.255.0.9", "::1"]) assertEquals(isLoopback(address), true, address);
  for (const address of ["128.0.0.1", "192.168.127.1", "12.7.0.1", "::", "fe80::1", ""]) {
    assertEquals(isLoopback(address), false, address);
  }
});
