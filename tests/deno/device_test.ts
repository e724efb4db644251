import { assertEquals } from "@std/assert";
import { denoDevice, isMainsByPmset, isMainsBySupplies, type PowerSupply } from "../../src/deno/device.ts";

const NOTHING: PowerSupply = { type: "", scope: "", online: "", status: "" };
const BATTERY = { ...NOTHING, type: "Battery", status: "Discharging" };
const MAINS = { ...NOTHING, type: "Mains", online: "1" };

Deno.test("isMainsBySupplies is false only for a battery of its own that is being emptied", () => {
  const cases: [what: string, supplies: PowerSupply[], isMains: boolean][] = [
    ["a desktop", [], true],
    ["a desktop with a supply", [MAINS], true],
    ["a laptop, unplugged", [{ ...MAINS, online: "0" }, BATTERY], false],
    ["a laptop, plugged in", [MAINS, { ...BATTERY, status: "Charging" }], true],
    ["a laptop, plugged in and full", [MAINS, { ...BATTERY, status: "Full" }], true],
    ["a laptop at a weak charger", [{ ...MAINS, type: "USB" }, BATTERY], true],
    ["a laptop that tells of no supply", [BATTERY], false],
    ["a laptop with one of two batteries in use", [BATTERY, { ...BATTERY, status: "Unknown" }], false],
    ["a desktop with a mouse", [{ ...BATTERY, scope: "Device" }], true],
    ["a supply that tells nothing", [NOTHING], true],
  ];
  for (const [what, supplies, isMains] of cases) assertEquals(isMainsBySupplies(supplies), isMains, what);
});

Deno.test("isMainsByPmset reads from what power is drawn", () => {
  const battery =
    "Now drawing from 'Battery Power'\n -InternalBattery-0 (id=4653155)\t77%; discharging; 5:02 remaining";
  const mains =
    "Now drawing from 'AC Power'\n -InternalBattery-0 (id=4653155)\t100%; charged; 0:00 remaining";
  assertEquals([battery, mains, "Now drawing from 'AC Power'\n", ""].map(isMainsByPmset), [
    false,
    true,
    true,
    true,
  ]);
});

Deno.test("denoDevice tells something of this device, whatever it is", async () => {
  const device = denoDevice();
  assertEquals([typeof await device.isOnCable(), typeof await device.isOnMains()], ["boolean", "boolean"]);
});
