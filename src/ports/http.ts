/** HTTP to the outside: types only; src/deno/http.ts implements them. Loopback is all that these can reach. */

/** Answers the requests that come to a port of 127.0.0.1. Never rejects. */
export type RequestHandler = (request: Request, port: number) => Promise<Response>;

/** A port that is served. */
export interface HttpServer {
  readonly port: number;
  /** Takes no more requests, and resolves when those under way are answered, or after `graceMs` without that. */
  close(graceMs: number): Promise<void>;
}

/** One WebSocket, from the server's side. */
export interface LiveSocket {
  /** Bytes that were sent and that the system has not taken yet. */
  readonly bufferedBytes: number;
  /** Sends a text frame; nothing happens once the socket is closed. */
  send(text: string): void;
  /** Closes it with that code, behind what was sent. Again is harmless. */
  close(code: number): void;
}

/** Who hears of a WebSocket: one `onOpen`, then frames, then one `onClose`, however it ends; without an open only that. */
export interface SocketListener {
  onOpen(): void;
  onText(text: string): void;
  /** A frame of bytes. */
  onBytes(): void;
  onClose(): void;
}

/** HTTP of this machine. */
export interface Http {
  /** Serves 127.0.0.1 at that port, or at a free one. @throws {NetworkError} "taken" and others. */
  serve(answer: RequestHandler, port?: number): HttpServer;
  /** Makes a WebSocket of a request to `serve`, whose answer is to be the response; null if it is no handshake for one. */
  upgrade(
    request: Request,
    listener: SocketListener,
  ): { readonly response: Response; readonly socket: LiveSocket } | null;
  /** Sends a request, past any proxy. @throws {NetworkError} "refused", "closed"; rejects with the signal's reason when aborted. */
  send(request: Request): Promise<Response>;
}
