/**
 * People at browsers: each has an earshot of their own on the loopback interface, started as users start it, and its page
 * open in a browser's window of its own. Nobody else on this machine hears them.
 */

import type { BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { join } from "@std/path";
import type { NodeEvent } from "../../src/node/vocabulary.ts";
import { freeTcpPort, freeUdpPort } from "../free_ports.ts";
import { earshot } from "../lan/lan_test_case.ts";
import { Program } from "../lan/program.ts";
import { must } from "../lan/system.ts";
import { RealBrowser, whyNoBrowser } from "./browser.ts";

const missing = await whyNoBrowser();

/** How somebody's browser is. */
export type Looks = Pick<BrowserContextOptions, "colorScheme" | "viewport" | "locale" | "reducedMotion">;

/** A screen of a desk. */
export const WIDE = { width: 1280, height: 800 } as const;
/** A small phone's. */
export const PHONE = { width: 360, height: 740 } as const;

/** One person's earshot and browser. */
export class Person {
  readonly name: string;
  readonly home: string;
  readonly context: BrowserContext;
  /** What the page asked of anybody but its own node. */
  readonly strayRequests: string[] = [];
  /** What went wrong in the page itself. */
  readonly faults: string[] = [];
  readonly #program: readonly string[];
  readonly #options: readonly string[];
  #node: Program<NodeEvent> | undefined;

  /** Starts nothing. */
  constructor(
    name: string,
    { home, context, program, options }: {
      readonly home: string;
      readonly context: BrowserContext;
      readonly program: readonly string[];
      readonly options: readonly string[];
    },
  ) {
    this.name = name;
    this.home = home;
    this.context = context;
    this.#program = program;
    this.#options = options;
  }

  /** Starts the node; resolves when it is ready. */
  async start(words: readonly string[] = ["--name", this.name]): Promise<void> {
    const command = [...this.#program, ...this.#options, ...words, "node", "--json"];
    this.#node = new Program(command, (line) => JSON.parse(line) as NodeEvent);
    await this.#node.line(({ event }) => event === "ready", { what: `${this.name} is ready` });
  }

  /** Stops the node properly. */
  async stop(): Promise<void> {
    this.#node?.signal("SIGTERM");
    await this.#node?.ended;
    this.#node = undefined;
  }

  /** The exit code of a node that ends by itself. */
  async ended(): Promise<number | undefined> {
    return (await this.#node?.ended)?.code;
  }

  /** What a command prints, run beside the node. */
  async run(...words: readonly string[]): Promise<string> {
    return await must(...this.#program, "--home", this.home, ...words);
  }

  /** A one-time link to the page. */
  async link(): Promise<string> {
    const [link = ""] = /http:\S+/.exec(await this.run("page", "--no-browser")) ?? [];
    return link;
  }

  /** The page, entered, in a tab of its own. */
  async open(): Promise<Page> {
    const page = await this.context.newPage();
    const link = await this.link();
    const { origin } = new URL(link);
    page.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(`${origin}/`) && !/^(data|blob):/.test(url)) this.strayRequests.push(url);
    });
    page.on("pageerror", (error) => this.faults.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") this.faults.push(message.text());
    });
    await page.goto(link);
    return page;
  }

  /** Ends all that is left. */
  async close(): Promise<void> {
    await this.context.close();
    await this.#node?.[Symbol.asyncDispose]();
  }
}

/** One test's people. */
export class Scene implements AsyncDisposable {
  readonly folder = Deno.makeTempDirSync({ prefix: "earshot-page-" });
  readonly #browser: RealBrowser;
  readonly #program: readonly string[];
  readonly #people: Person[] = [];
  readonly #discoveryPort = freeUdpPort();

  private constructor(browser: RealBrowser, program: readonly string[]) {
    this.#browser = browser;
    this.#program = program;
  }

  /** Starts a browser; nobody is there yet. `program` is what people run, if not the sources. */
  static async open(program?: readonly string[]): Promise<Scene> {
    return new Scene(await RealBrowser.start(), program ?? await earshot());
  }

  /** Somebody whose node does not run yet. */
  async newcomer(name: string, looks: Looks = {}): Promise<Person> {
    const home = join(this.folder, name);
    const ports = ["--port", String(freeTcpPort()), "--discovery-port", String(this.#discoveryPort)];
    const options = ["--home", home, "--interface", "lo", ...ports];
    const context = await this.#browser.browser.newContext({ viewport: WIDE, locale: "en-GB", ...looks });
    const person = new Person(name, { home, context, program: this.#program, options });
    this.#people.push(person);
    return person;
  }

  /** Somebody whose node runs under their name. */
  async person(name: string, looks: Looks = {}): Promise<Person> {
    const person = await this.newcomer(name, looks);
    await person.start();
    return person;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const person of this.#people) await person.close();
    await this.#browser[Symbol.asyncDispose]();
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** A test with a browser; where there is none it is ignored, and its name says why. Nothing may have left the machine, and no page met a fault. */
export function pageTest(name: string, run: (scene: Scene) => Promise<void>): void {
  Deno.test({
    name: `Page: ${name}${missing === null ? "" : ` (skipped: ${missing})`}`,
    ignore: missing !== null,
    // The library that drives the browser keeps timers of its own.
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => {
      await using scene = await Scene.open();
      await run(scene);
    },
  });
}
