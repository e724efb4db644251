import { denoHttp } from "../../src/deno/http.ts";
import { FakeHttp, FakePageSocket } from "../fixtures/web/fake_http.ts";
import { rawRequest, RawSocket } from "../fixtures/web/raw_client.ts";
import { testHttp } from "./http.ts";

testHttp("denoHttp", () => {
  const http = denoHttp();
  return {
    http,
    connect: async (port) => {
      const socket = await RawSocket.open(port, "/", [`Host: 127.0.0.1:${port}`]);
      if (socket.answer.status !== 101) {
        socket[Symbol.dispose]();
        return socket.answer.status;
      }
      return {
        say: (text) => socket.send(text),
        sayBytes: () => socket.sendFrame(0x2, new Uint8Array([1, 2, 3])),
        next: () => socket.next(),
        // As browsers do: the code 1000, and the answer to it is awaited.
        leave: async () => {
          await socket.sendFrame(0x8, new Uint8Array([0x03, 0xe8]));
          await socket.rest();
        },
        [Symbol.dispose]: () => socket[Symbol.dispose](),
      };
    },
    get: async (port) =>
      (await rawRequest(port, { line: "GET /", headers: [`Host: 127.0.0.1:${port}`] })).status,
    close: () => http[Symbol.dispose](),
  };
});

testHttp("FakeHttp", () => {
  const http = new FakeHttp();
  return {
    http,
    connect: async (port) => {
      const socket = await http.connect(port, "/", {});
      if (!(socket instanceof FakePageSocket)) return socket;
      // What was sent before it is looked at waits, as in a real browser.
      socket.isReading = false;
      return {
        say: (text) => Promise.resolve(socket.say(text)),
        sayBytes: () => Promise.resolve(socket.sayBytes()),
        next: () => {
          socket.isReading = true;
          socket.read();
          return socket.next();
        },
        leave: () => Promise.resolve(socket.leave()),
        [Symbol.dispose]: () => {},
      };
    },
    get: async (port) => (await http.send(new Request(`http://127.0.0.1:${port}/`))).status,
    close: () => {},
  };
});
