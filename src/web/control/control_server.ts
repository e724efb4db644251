/** Opens a node's control address, announces it in node.json, and closes it again. */

import { message } from "../../messages/message.ts";
import { DiskError } from "../../errors.ts";
import type { NodeApi } from "../../api/node_api.ts";
import type { Ports } from "../../ports/node_ports.ts";
import { encodeBase64Url } from "../../encoding/base64url.ts";
import { replaceFile } from "../../store/files/atomic_write.ts";
import { formatDiskError } from "../../store/files/disk_error_text.ts";
import { TOKEN_BYTES } from "./control_guard.ts";
import type { Http } from "../../ports/http.ts";
import type { PageEntries } from "../shared/entry_links.ts";
import { formatNodeFile, type NodeFile } from "./node_file.ts";
import { controlRoutes } from "./control_routes.ts";

/** Time for commands under way when the node stops. Then they fail with that reason. */
const GRACE_MS = 300;
/** Time for those answers to be sent. Then their connections are cut. */
const CLOSE_MS = 200;

/** The parts that the control address uses. */
export interface ControlOptions {
  readonly runner: NodeApi;
  readonly ports: Pick<Ports, "clock" | "chance" | "crypto" | "disk">;
  readonly http: Http;
  /** Makes links to the page; null if no page is served. */
  readonly page: PageEntries | null;
  /** The path of node.json. */
  readonly path: string;
  readonly pid: number;
  readonly lasting: boolean;
  onBug(error: unknown): void;
}

/** Opens the address and writes node.json. Disposing undoes both within half a second. @throws {NetworkError}, {WorldError}. */
export async function startControl(options: ControlOptions): Promise<AsyncDisposable> {
  const { runner, ports, http, page, path, pid, lasting, onBug } = options;
  const { clock, chance, crypto, disk } = ports;
  const leaving = new AbortController();
  const stopped = new AbortController();
  const token = encodeBase64Url(chance.bytes(TOKEN_BYTES));
  const routes = { runner, token, crypto, page, leaving: leaving.signal, stopped: stopped.signal, onBug };
  const server = http.serve(controlRoutes(routes));
  const file: NodeFile = {
    pid,
    port: server.port,
    token,
    started: new Date(clock.wallMs()).toISOString(),
    lasting,
  };
  const bytes = new TextEncoder().encode(formatNodeFile(file));
  try {
    await formatDiskError(message("doing.write", { path }), () => replaceFile(disk, { path, bytes }));
  } catch (error) {
    await server.close(0);
    throw error;
  }
  return {
    async [Symbol.asyncDispose]() {
      await forget(ports, path);
      leaving.abort();
      const patience = clock.timer(() => stopped.abort());
      patience.wakeAt(clock.nowMs() + GRACE_MS);
      try {
        await server.close(GRACE_MS + CLOSE_MS);
      } finally {
        patience[Symbol.dispose]();
      }
    },
  };
}

async function forget({ disk }: Pick<Ports, "disk">, path: string): Promise<void> {
  try {
    await disk.remove(path);
  } catch (error) {
    // A file that stays does no harm: without the lock of the home, readers know that it is stale.
    if (!(error instanceof DiskError)) throw error;
  }
}
