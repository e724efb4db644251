import { denoTcp } from "../../src/deno/tcp.ts";
import { SimChance } from "../sim/chance.ts";
import { SimTime } from "../sim/clock.ts";
import { SimNetwork } from "../sim/network.ts";
import { tcpContract } from "./tcp.ts";

tcpContract("denoTcp", () => {
  const tcp = denoTcp();
  return { client: tcp, server: tcp, address: "127.0.0.1", drive: (work) => work };
});

tcpContract("SimTcp on one host", () => {
  const time = new SimTime();
  const { tcp } = new SimNetwork(time, new SimChance("tcp contract")).host("alone").boot();
  return { client: tcp, server: tcp, address: "127.0.0.1", drive: (work) => time.drive(work) };
});

tcpContract("SimTcp between two hosts", () => {
  const time = new SimTime();
  const network = new SimNetwork(time, new SimChance("tcp contract"));
  const segment = network.segment({ prefix: "192.168.43.0", prefixLength: 24 });
  const [client, server] = [network.host("client"), network.host("server")];
  client.attach(segment, { address: "192.168.43.2" });
  server.attach(segment, { address: "192.168.43.3" });
  return {
    client: client.boot().tcp,
    server: server.boot().tcp,
    address: "192.168.43.3",
    drive: (work) => time.drive(work),
  };
});
