/** HTTP to the outside: types only; src/deno/http.ts implements them. Loopback is all that these can reach. */

/** Answers the requests that come to a port of 127.0.0.1. Never rejects. */
export type Answer = (request: Request, port: number) => Promise<Response>;

/** A port that is served. */
export interface HttpServer {
  readonly port: number;
  /** Takes no more requests, and resolves when those under way are answered, or after `graceMs` without that. */
  close(graceMs: number): Promise<void>;
}

/** HTTP of this machine. */
export interface Http {
  /** Serves 127.0.0.1 at a free port. @throws {NetworkError}. */
  serve(answer: Answer): HttpServer;
  /** Sends a request, past any proxy. @throws {NetworkError} "refused", "closed"; rejects with the signal's reason when aborted. */
  send(request: Request): Promise<Response>;
}
