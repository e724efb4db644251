/**
 * `deno task demo`: three people on this machine, to try earshot alone. Each is a node of its own in a temporary home; they
 * find each other over loopback, talk in a room and in private, and tell the addresses of their pages. All of it is gone
 * at Ctrl-C. `--no-browser` only prints the addresses.
 */

import { denoDesktop } from "../src/deno/desktop.ts";
import { denoHttp } from "../src/deno/http.ts";
import { onEndRequest } from "../src/deno/process.ts";
import { Guest } from "./guest.ts";

/** Where nobody else is likely to look for others: the dynamic ports begin above. */
const DISCOVERY_PORTS = { from: 20_000, count: 20_000 } as const;
/** Time for three nodes to find each other; on a busy machine it takes a second. */
const MEET_MS_MAX = 15_000;
const LOOK_MS = 100;

const ROOM = "#Kitchen";

Deno.exit(await demo());

async function demo(): Promise<number> {
  const ended = Promise.withResolvers<number>();
  onEndRequest((exitCode) => ended.resolve(exitCode));
  const folder = await Deno.makeTempDir({ prefix: "earshot-demo-" });
  try {
    // A request to end also ends what is still being prepared: its nodes go first, its failure is nobody's concern then.
    await using guests = new AsyncDisposableStack();
    const party = prepare(folder, guests).then(() => ended.promise);
    party.catch(() => {});
    await Promise.race([party, ended.promise]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  return 0;
}

async function prepare(folder: string, guests: AsyncDisposableStack): Promise<void> {
  const http = guests.use(denoHttp());
  const discoveryPort = DISCOVERY_PORTS.from + Math.floor(Math.random() * DISCOVERY_PORTS.count);
  const loopback = Deno.networkInterfaces().find(({ address }) => address === "127.0.0.1")?.name ?? "lo";
  const options = { folder, discoveryPort, loopback, http };
  say("Three people come, each with an earshot of their own on this machine …");
  const come = async (name: string) => {
    // Nobody comes any more when all are leaving.
    if (guests.disposed) throw new Error("The demo has ended");
    const guest = guests.use(new Guest({ ...options, name }));
    await guest.arrive();
    return guest;
  };
  const [alice, bob, carol] = [await come("alice"), await come("bob"), await come("carol")];
  await talk({ alice, bob, carol });
  for (const guest of [alice, bob, carol]) await showPage(guest);
  say("Everything is in a temporary folder, and goes with Ctrl-C.");
}

async function talk(
  { alice, bob, carol }: { readonly alice: Guest; readonly bob: Guest; readonly carol: Guest },
): Promise<void> {
  await alice.node.run({ do: "host", title: "Kitchen" });
  await soon(() => bob.node.run({ do: "join", room: "Kitchen" }));
  await soon(() => carol.node.run({ do: "join", room: "Kitchen" }));
  await alice.say(ROOM, "tea is ready, and there is cake");
  await bob.say(ROOM, "what kind of cake?");
  await alice.say(ROOM, "poppy seed, by carol");
  await carol.say(ROOM, "take two pieces, it does not keep 🙂");
  await bob.say(ROOM, "on my way");
  await soon(() => bob.node.run({ do: "send", to: "carol", text: "psst: when is alice's birthday?" }));
  await soon(() => carol.node.run({ do: "accept", peer: "bob" }));
  await carol.say("bob", "on Saturday. I make the cake, you bring the candles");
  await bob.say("carol", "deal");
  // A stranger's first words, which wait for an answer.
  await soon(() => alice.node.run({ do: "send", to: "carol", text: "thank you for the cake!" }));
}

async function showPage({ name, node }: Guest): Promise<void> {
  const desktop = denoDesktop();
  const isBrowserWanted = desktop.isThere && !Deno.args.includes("--no-browser");
  const { link, address, path } = await node.newEntry({ isFile: isBrowserWanted });
  const isOpened = path !== null && await desktop.open(path);
  say(`  ${name.padEnd(5)}  ${isOpened ? `${address} (open in your browser)` : link}`);
}

/** Tries until the others are heard. */
async function soon<T>(run: () => Promise<T>): Promise<T> {
  const untilMs = performance.now() + MEET_MS_MAX;
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (performance.now() > untilMs) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}
