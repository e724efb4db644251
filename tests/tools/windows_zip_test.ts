import { assertEquals, assertStringIncludes } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { startScript, WINDOWS_MACHINES, zipFolder } from "../../tools/windows_zip.ts";

Deno.test("startScript starts the program beside it, with the rights of an executable", () => {
  const [echo, line = "", end] = startScript().split("\r\n");
  assertEquals([echo, end], ["@echo off", ""]);
  assertStringIncludes(line, '"%~dp0deno.exe" run -q --no-prompt --allow-net ');
  assertStringIncludes(line, " --allow-run=netstat,powershell,route,rundll32,tasklist ");
  assertEquals(line.endsWith(' --no-config --no-lock "%~dp0earshot.js" %*'), true);
});

Deno.test("zipFolder is no name of an executable's release", () => {
  assertEquals(WINDOWS_MACHINES.map(zipFolder), [
    `earshot-${config.version}-windows-x86_64-with-deno`,
    `earshot-${config.version}-windows-arm64-with-deno`,
  ]);
});
