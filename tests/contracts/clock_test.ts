import { denoClock } from "../../src/deno/clock.ts";
import { SimTime } from "../sim/clock.ts";
import { clockContract } from "./clock.ts";

clockContract("denoClock", () => ({ clock: denoClock(), drive: (work) => work }));

clockContract("SimClock", () => {
  const time = new SimTime();
  return { clock: time.clock(), drive: (work) => time.drive(work) };
});
