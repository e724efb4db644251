import type { LiveSocket, SocketListener } from "../ports/http.ts";

/** Seconds of silence before the other side is pinged, and as many again for its answer. */
const IDLE_S = 30;

/** Upgrades a request to a WebSocket; null if it is not a WebSocket handshake. */
export function upgrade(
  request: Request,
  listener: SocketListener,
): { readonly response: Response; readonly socket: LiveSocket } | null {
  let upgraded: Deno.WebSocketUpgrade;
  try {
    upgraded = Deno.upgradeWebSocket(request, { idleTimeout: IDLE_S });
  } catch (error) {
    // Deno throws this for headers that are not a WebSocket handshake.
    if (error instanceof TypeError) return null;
    throw error;
  }
  const { socket, response } = upgraded;
  let isOver = false;
  socket.binaryType = "arraybuffer";
  socket.onopen = () => listener.onOpen();
  socket.onmessage = ({ data }) => typeof data === "string" ? listener.onText(data) : listener.onBytes();
  // The close event follows every error.
  socket.onerror = (event) => event.preventDefault();
  // Deno reports some ends twice: after a requested close, and again when the connection breaks during it.
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
