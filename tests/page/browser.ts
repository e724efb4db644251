/** A headless Chromium of this machine's, told what to do over its debugging address. It never asks anything outside. */

import { type Browser, chromium } from "playwright-core";
import { until, within } from "../lan/patience.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];
/** Beside what keeps it quiet: root has to go without the sandbox, and a container's /dev/shm may be tiny. */
const OPTIONS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--no-proxy-server",
  // Names lead nowhere: whatever a page would ask of the internet fails, and a test can look for the attempt.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
  "--remote-debugging-port=0",
];

/** Why no test with a browser can run here, or null. */
export async function whyNoBrowser(): Promise<string | null> {
  return await browserPath() === null ? "there is no Chromium" : null;
}

/** A running browser. Disposing ends it and removes its profile. */
export class RealBrowser implements AsyncDisposable {
  readonly browser: Browser;
  readonly #child: Deno.ChildProcess;
  readonly #profile: string;

  private constructor(browser: Browser, child: Deno.ChildProcess, profile: string) {
    this.browser = browser;
    this.#child = child;
    this.#profile = profile;
  }

  /** Starts one. @throws {Error} if it does not come up. */
  static async start(): Promise<RealBrowser> {
    const path = await browserPath();
    if (path === null) throw new Error("There is no Chromium");
    const profile = await Deno.makeTempDir({ prefix: "earshot-browser-" });
    const args = [...OPTIONS, `--user-data-dir=${profile}`, "about:blank"];
    const child = new Deno.Command(path, { args, stdin: "null", stdout: "null", stderr: "piped" }).spawn();
    const address = Promise.withResolvers<string>();
    readAddress(child.stderr, address).catch(address.reject);
    const browser = await chromium.connectOverCDP(
      await within(address.promise, () => "Chromium says nothing"),
    );
    return new RealBrowser(browser, child, profile);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
    this.#child.kill("SIGTERM");
    await this.#child.status;
    await until("the browser's profile is removed", async (tell) => {
      try {
        await Deno.remove(this.#profile, { recursive: true });
        return true;
      } catch (error) {
        // Processes that it had started end after it, and write into the folder until then.
        tell(String(error));
        return null;
      }
    });
  }
}

/** Reads on after the address has come, or the browser would hang once the pipe is full. */
async function readAddress(
  stderr: ReadableStream<Uint8Array>,
  address: { resolve(url: string): void; reject(error: Error): void },
): Promise<void> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stderr) {
    text = (text + decoder.decode(chunk, { stream: true })).slice(-4_000);
    const [, url] = /DevTools listening on (\S+)/.exec(text) ?? [];
    if (url !== undefined) address.resolve(url);
  }
  address.reject(new Error(`Chromium ended: ${text}`));
}

async function browserPath(): Promise<string | null> {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    for (const name of NAMES) {
      const info = await Deno.stat(`${folder}/${name}`).catch(() => null);
      if (info?.isFile === true) return `${folder}/${name}`;
    }
  }
  return null;
}
