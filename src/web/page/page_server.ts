/** Opens the page's address of a node, at the port of the last run if it is free, and closes it again. page.json keeps the port. */

import { type Message, message } from "../../messages/message.ts";
import { DiskError, NetworkError, WorldError } from "../../errors.ts";
import type { NodeApi } from "../../api/node_api.ts";
import type { Ports } from "../../ports/node_ports.ts";
import type { PeerId } from "../../room/id.ts";
import { replaceFile } from "../../store/files/atomic_write.ts";
import { formatDiskError } from "../../store/files/disk_error_text.ts";
import { KnownBrowsers } from "./known_browsers.ts";
import { EntryFile } from "./entry_file.ts";
import { EntryTokens } from "./entry_tokens.ts";
import { FileRoutes } from "./file_routes.ts";
import type { Http, HttpServer, RequestHandler } from "../../ports/http.ts";
import { LiveConnections } from "./live_connections.ts";
import { entryLink } from "../shared/live_protocol.ts";
import type { PageEntries, PageEntry } from "../shared/entry_links.ts";
import type { PageFiles } from "./page_file.ts";
import { pageRoutes } from "./page_routes.ts";
import { type Browser, formatPageState, type PageState, parsePageState } from "./page_state.ts";

/** Ports of the page, in order of preference. They end before 9999, the rendezvous port. */
const PORTS = [9990, 9991, 9992, 9993, 9994, 9995, 9996, 9997, 9998] as const;
/** Time for requests under way when the node stops. */
const CLOSE_MS = 200;

/** The parts that the page's address uses. */
export interface PageServerOptions {
  readonly files: PageFiles;
  readonly runner: NodeApi;
  readonly me: PeerId;
  readonly version: string;
  readonly ports: Pick<Ports, "clock" | "chance" | "crypto" | "disk" | "files" | "system">;
  readonly http: Http;
  /** The path of page.json. */
  readonly path: string;
  /** The path of the file that sends a browser here. */
  readonly entryPath: string;
  /** The folder of uploads. */
  readonly uploads: string;
  /** Tells the user. */
  onNotice(notice: Message): void;
  onBug(error: unknown): void;
}

/** The served page. */
export interface PageServer extends PageEntries, AsyncDisposable {
  readonly port: number;
}

/** Opens the address. If page.json cannot be read or written, browsers have to sign in again after the next start. @throws {NetworkError}. */
export async function startPage(options: PageServerOptions): Promise<PageServer> {
  const { ports, http } = options;
  const before = await load(options);
  // The routes need the port, which is known only after the address is open.
  const routes = Promise.withResolvers<RequestHandler>();
  const server = serve(http, async (request, port) => await (await routes.promise)(request, port), before);
  const { port } = server;
  // Another program that had the old port has received the browsers' cookies, and may have asked their users for more.
  const browsers = new KnownBrowsers(ports, { port, browsers: before?.port === port ? before.browsers : [] });
  const store = new Store(options, () => ({ port, browsers: browsers.all }));
  const pages = new LiveConnections({
    ...options,
    ...ports,
    port,
    onEntered: (browser: Browser) => {
      if (browsers.use(browser)) void store.keep();
    },
  });
  const tokens = new EntryTokens(ports);
  const file = new EntryFile({ ...ports, path: options.entryPath, onBug: options.onBug });
  const fileRoutes = new FileRoutes({ ...options, browsers, port, instance: pages.instance });
  await fileRoutes.tidy();
  const { files } = options;
  routes.resolve(pageRoutes({ files, tokens, browsers, pages, fileRoutes, keep: () => store.keep() }));
  file.remove();
  if (before?.port !== port) await store.keep();
  return {
    port,
    newEntry: ({ isFile }) => newEntry({ port, tokens, file: isFile ? file : null }),
    async [Symbol.asyncDispose]() {
      const closing = server.close(CLOSE_MS);
      await pages.close();
      await closing;
      await file.close();
      await store.settled();
    },
  };
}

async function newEntry(
  { port, tokens, file }: {
    readonly port: number;
    readonly tokens: EntryTokens;
    readonly file: EntryFile | null;
  },
): Promise<PageEntry> {
  const token = tokens.issue((gone) => file?.drop(entryLink(port, gone)));
  const link = entryLink(port, token);
  return { link, address: new URL("/", link).href, path: await file?.write(link) ?? null };
}

/** The port of the last run, where open pages look for their node. */
function serve(http: Http, answer: RequestHandler, before: PageState | null): HttpServer {
  const wanted = [...before === null ? [] : [before.port], ...PORTS];
  for (const port of wanted) {
    try {
      return http.serve(answer, port);
    } catch (error) {
      // Windows reserves ranges of ports, and reports them as forbidden.
      if (!(error instanceof NetworkError && ["taken", "forbidden"].includes(error.reason))) throw error;
    }
  }
  return http.serve(answer);
}

async function load({ ports: { disk }, path }: PageServerOptions): Promise<PageState | null> {
  try {
    const bytes = await disk.read(path);
    return bytes === null ? null : parsePageState(new TextDecoder().decode(bytes));
  } catch (error) {
    // Treated as missing: browsers have to sign in again.
    if (error instanceof DiskError) return null;
    throw error;
  }
}

/** Writes page.json, one write after the other. Never rejects. */
class Store {
  readonly #options: PageServerOptions;
  readonly #state: () => PageState;
  #last: Promise<boolean> = Promise.resolve(true);

  constructor(options: PageServerOptions, state: () => PageState) {
    this.#options = options;
    this.#state = state;
  }

  /** Writes the state that is current when its turn comes. Whether it is on disk then. A failure is told to the user. */
  keep(): Promise<boolean> {
    return this.#last = this.#last.then(() => this.#write());
  }

  /** Resolves when no write is under way. */
  async settled(): Promise<void> {
    await this.#last;
  }

  async #write(): Promise<boolean> {
    const { ports: { disk }, path, onNotice, onBug } = this.#options;
    const bytes = new TextEncoder().encode(formatPageState(this.#state()));
    try {
      await formatDiskError(message("doing.write", { path }), () => replaceFile(disk, { path, bytes }));
      return true;
    } catch (error) {
      if (error instanceof WorldError) {
        onNotice(message("page.not-remembered", { reason: error.details }));
      } else onBug(error);
      return false;
    }
  }
}
