/** HTTP, as types only. src/deno/http.ts implements them. They reach loopback and nothing else. */

/** Answers one request to a port of 127.0.0.1. Never rejects. */
export type RequestHandler = (request: Request, port: number) => Promise<Response>;

/** A running HTTP server. */
export interface HttpServer {
  readonly port: number;
  /** Refuses new requests. Resolves when the open ones are answered, or after `graceMs` milliseconds. */
  close(graceMs: number): Promise<void>;
}

/** The server's end of one WebSocket. */
export interface LiveSocket {
  /** Bytes that were sent but not yet accepted by the system. */
  readonly bufferedBytes: number;
  /** Sends a text frame. Does nothing once the socket is closed. */
  send(text: string): void;
  /** Closes the socket with that code after everything sent before. May be called repeatedly. */
  close(code: number): void;
}

/**
 * Callbacks of one WebSocket: `onOpen`, then frames, then exactly one `onClose`. If it never opens, only `onClose` is
 * called.
 */
export interface SocketListener {
  onOpen(): void;
  onText(text: string): void;
  /** A binary frame arrived. */
  onBytes(): void;
  onClose(): void;
}

/** HTTP of this machine. */
export interface Http {
  /** Serves 127.0.0.1 on that port, or on any free one. @throws {NetworkError} "taken" and others. */
  serve(answer: RequestHandler, port?: number): HttpServer;
  /**
   * Upgrades a request that `serve` received; its handler must return that response. Returns null if the request is
   * not a WebSocket handshake.
   */
  upgrade(
    request: Request,
    listener: SocketListener,
  ): { readonly response: Response; readonly socket: LiveSocket } | null;
  /**
   * Sends a request and bypasses any proxy. @throws {NetworkError} "refused", "closed". Rejects with the signal's
   * reason when aborted.
   */
  send(request: Request): Promise<Response>;
}
