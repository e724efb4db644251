import { denoUdp } from "../../src/deno/udp.ts";
import { SimChance } from "../sim/chance.ts";
import { SimTime } from "../sim/clock.ts";
import { SimNetwork } from "../sim/network.ts";
import { udpContract } from "./udp.ts";

const LOOPBACK = { nearAddress: "127.0.0.1", farAddress: "127.0.0.1", broadcast: "127.255.255.255" };

udpContract("denoUdp", () => {
  const udp = denoUdp();
  return { near: udp, far: udp, ...LOOPBACK, drive: (work) => work };
});

udpContract("SimUdp on one host", () => {
  const time = new SimTime();
  const { udp } = new SimNetwork(time, new SimChance("udp contract")).host("alone").boot();
  return { near: udp, far: udp, ...LOOPBACK, drive: (work) => time.drive(work) };
});

udpContract("SimUdp between two hosts", () => {
  const time = new SimTime();
  const network = new SimNetwork(time, new SimChance("udp contract"));
  const segment = network.segment({ prefix: "192.168.43.0", prefixLength: 24 });
  const [near, far] = [network.host("near"), network.host("far")];
  near.attach(segment, { address: "192.168.43.2" });
  far.attach(segment, { address: "192.168.43.3" });
  return {
    near: near.boot().udp,
    nearAddress: "192.168.43.2",
    far: far.boot().udp,
    farAddress: "192.168.43.3",
    broadcast: "192.168.43.255",
    drive: (work) => time.drive(work),
  };
});
