import type { LiveSocket, SocketListener } from "../ports/http.ts";

/** Seconds without a sign of life before the other side is asked for one, and as many again for its answer. */
const IDLE_S = 30;

/** Makes a WebSocket of a request; null if it is no handshake for one. */
export function upgrade(
  request: Request,
  listener: SocketListener,
): { readonly response: Response; readonly socket: LiveSocket } | null {
  let upgraded: Deno.WebSocketUpgrade;
  try {
    upgraded = Deno.upgradeWebSocket(request, { idleTimeout: IDLE_S });
  } catch (error) {
    // Deno says so of headers that are none of a handshake.
    if (error instanceof TypeError) return null;
    throw error;
  }
  const { socket, response } = upgraded;
  let isOver = false;
  socket.binaryType = "arraybuffer";
  socket.onopen = () => listener.onOpen();
  socket.onmessage = ({ data }) => typeof data === "string" ? listener.onText(data) : listener.onBytes();
  // Every error is followed by the end.
  socket.onerror = (event) => event.preventDefault();
  // Deno tells of some ends twice: of a close that was asked for, and again when the connection breaks under it.
  socket.onclose = () => {
    if (isOver) return;
    isOver = true;
    listener.onClose();
  };
  return { response, socket: toLiveSocket(socket) };
}

function toLiveSocket(socket: WebSocket): LiveSocket {
  return {
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: (code) => {
      if (socket.readyState === WebSocket.OPEN) socket.close(code);
    },
  };
}
