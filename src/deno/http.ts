import { NetworkError } from "../errors.ts";
import type { Http, HttpServer, RequestHandler } from "../ports/http.ts";
import { toNetworkError } from "./network_error.ts";
import { Pause } from "./pause.ts";
import { upgrade } from "./web_socket.ts";

const LOOPBACK = "127.0.0.1";

/** HTTP on loopback only. Dispose it when no more requests will be sent. */
export function denoHttp(): Http & Disposable {
  // Proxies in the environment are for outside addresses. Tokens and messages must not go there.
  Deno.env.set("NO_PROXY", LOOPBACK);
  Deno.env.set("no_proxy", LOOPBACK);
  // No connection is kept alive, so none delays the end of the program.
  const client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  return {
    serve,
    upgrade,
    send: (request) => send(client, request),
    [Symbol.dispose]: () => client.close(),
  };
}

async function send(client: Deno.HttpClient, request: Request): Promise<Response> {
  try {
    return await fetch(request, { client, redirect: "error" });
  } catch (error) {
    request.signal.throwIfAborted();
    // Deno mentions "refused" only in the text of the error or its cause. For us every failure means that nothing listens.
    if (error instanceof TypeError) {
      throw new NetworkError("refused", "Cannot reach the control address", { cause: error });
    }
    throw error;
  }
}

function serve(answer: RequestHandler, port = 0): HttpServer {
  let server: Deno.HttpServer<Deno.NetAddr>;
  try {
    server = Deno.serve(
      { hostname: LOOPBACK, port, onListen: () => {} },
      (request) => answer(request, server.addr.port),
    );
  } catch (error) {
    throw toNetworkError(`listen at ${LOOPBACK}`, error);
  }
  return { port: server.addr.port, close: (graceMs) => close(server, graceMs) };
}

/** Deno cannot abort a server that is shutting down (an abort then throws), so hanging requests last until the process ends. */
async function close(server: Deno.HttpServer, graceMs: number): Promise<void> {
  const pause = new Pause();
  const shutdown = server.shutdown().finally(() => pause.end());
  await Promise.race([shutdown, pause.wait(graceMs)]);
}
