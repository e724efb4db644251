import { NetworkError } from "../errors.ts";
import type { Http, HttpServer, RequestHandler } from "../ports/http.ts";
import { toNetworkError } from "./network_error.ts";
import { Pause } from "./pause.ts";
import { upgrade } from "./web_socket.ts";

const LOOPBACK = "127.0.0.1";

/** HTTP of this machine, on loopback only. Close `http` when no more requests are to be sent. */
export function denoHttp(): Http & Disposable {
  // A proxy that the environment names is for the world outside; the token and the messages must not go there.
  Deno.env.set("NO_PROXY", LOOPBACK);
  Deno.env.set("no_proxy", LOOPBACK);
  // No connection is kept: each is done with its answer, so nothing waits here when the program wants to end.
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
    // Deno says "refused" in the text of an error or of its cause only; for us every failure means that nobody is there.
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

/** Cutting a server that shuts down is not possible in Deno (an abort then throws), so what hangs is left to the end of the process. */
async function close(server: Deno.HttpServer, graceMs: number): Promise<void> {
  const pause = new Pause();
  const shutdown = server.shutdown().finally(() => pause.end());
  await Promise.race([shutdown, pause.wait(graceMs)]);
}
