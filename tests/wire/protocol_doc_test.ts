/** docs/protocol.md is normative: what its tables say, the code must say too. */

import { assert, assertEquals } from "@std/assert";
import protocol from "../../docs/protocol.md" with { type: "text" };
import { type BeaconKind, encodeBeacon } from "../../src/discovery/beacon.ts";
import * as beacon from "../../src/discovery/beacon.ts";
import * as targets from "../../src/discovery/destinations.ts";
import { PROTOCOL_CODES } from "../../src/errors.ts";
import * as admission from "../../src/host/admission.ts";
import * as line from "../../src/net/read_line.ts";
import * as quotas from "../../src/node/support/quotas.ts";
import * as access from "../../src/room/access.ts";
import * as base64 from "../../src/encoding/base64url.ts";
import * as entry from "../../src/room/entry.ts";
import * as entryLine from "../../src/room/entry_encoding.ts";
import * as feed from "../../src/room/feed.ts";
import * as id from "../../src/room/id.ts";
import * as invitation from "../../src/room/invitation.ts";
import * as link from "../../src/room/invite_link.ts";
import * as name from "../../src/text/name.ts";
import * as fileName from "../../src/text/file_name.ts";
import * as offer from "../../src/room/file_offer.ts";
import * as manifest from "../../src/transfer/manifest.ts";
import * as serving from "../../src/node/transfers/uploader.ts";
import * as receipt from "../../src/room/receipts.ts";
import * as replica from "../../src/room/replica.ts";
import * as vector from "../../src/room/version_vector.ts";
import * as bytes from "../../src/encoding/byte_codec.ts";
import * as networkAddress from "../../src/encoding/network_address.ts";
import * as fileRecord from "../../src/wire/file_record.ts";
import * as framer from "../../src/wire/framer.ts";
import * as handoff from "../../src/wire/handoff.ts";
import * as heartbeat from "../../src/wire/heartbeat.ts";
import * as noise from "../../src/wire/noise.ts";
import * as queue from "../../src/wire/send_queue.ts";
import * as record from "../../src/wire/record.ts";
import * as session from "../../src/wire/session.ts";
import * as stream from "../../src/wire/broadcast_stream.ts";
import * as sync from "../../src/wire/peer_sync.ts";
import { ALICE, CRYPTO, founding, read } from "../fixtures/room/people.ts";

/** Modules whose numbers are part of the protocol: each one that they export stands in the table of limits. */
const WHOLE: Readonly<Record<string, object>> = {
  "room/access.ts": access,
  "encoding/base64url.ts": base64,
  "room/entry.ts": entry,
  "room/entry_encoding.ts": entryLine,
  "room/feed.ts": feed,
  "room/id.ts": id,
  "room/invitation.ts": invitation,
  "room/invite_link.ts": link,
  "text/name.ts": name,
  "text/file_name.ts": fileName,
  "room/file_offer.ts": offer,
  "transfer/manifest.ts": manifest,
  "node/transfers/uploader.ts": serving,
  "room/receipts.ts": receipt,
  "room/replica.ts": replica,
  "room/version_vector.ts": vector,
  "encoding/byte_codec.ts": bytes,
  "encoding/network_address.ts": networkAddress,
  "wire/file_record.ts": fileRecord,
  "wire/framer.ts": framer,
  "wire/handoff.ts": handoff,
  "wire/heartbeat.ts": heartbeat,
  "wire/noise.ts": noise,
  "wire/send_queue.ts": queue,
  "wire/record.ts": record,
  "wire/session.ts": session,
  "wire/broadcast_stream.ts": stream,
  "wire/peer_sync.ts": sync,
  "net/read_line.ts": line,
  "node/support/quotas.ts": quotas,
  "discovery/beacon.ts": beacon,
};
/** Modules of which only some numbers are; the table says which. */
const IN_PART: Readonly<Record<string, object>> = {
  "discovery/destinations.ts": targets,
  "host/admission.ts": admission,
};

const ROOM = founding().room;

/** The smallest record of each type. */
const LEAST: Readonly<Record<record.WireRecord["type"], record.WireRecord>> = {
  profile: { type: "profile", name: "", away: "", rendezvousPort: 0, merit: 1, rooms: [] },
  ping: { type: "ping" },
  close: { type: "close", code: 0 },
  meet: {
    type: "meet",
    room: ROOM,
    follow: false,
    leads: false,
    ask: false,
    again: false,
    proof: null,
    vector: new Map(),
  },
  refuse: { type: "refuse", room: ROOM },
  entries: { type: "entries", room: ROOM, lines: [] },
  have: { type: "have", room: ROOM, vector: new Map() },
  seen: { type: "seen", room: ROOM, members: new Map() },
  stream: { type: "stream", room: ROOM, stream: 0, key: new Uint8Array(32), counter: 0 },
  introduce: { type: "introduce", peers: [] },
  typing: { type: "typing", room: ROOM },
  try: { type: "try" },
  tried: { type: "tried", outcome: "failed", hears: false, wallMs: 0 },
  seek: { type: "seek", room: ROOM, wish: 0, manifest: new Uint8Array(32) },
  holding: { type: "holding", wish: 0, held: "none" },
  want: { type: "want", wish: 0, piece: 0, offset: 0, length: 0 },
  // A piece without bytes is refused.
  piece: { type: "piece", wish: 0, piece: 0, offset: 0, bytes: new Uint8Array(1) },
  drop: { type: "drop", wish: 0 },
};

Deno.test("docs/protocol.md names the records, their numbers and their least lengths", () => {
  const rows = tableOf("Type", "Number", "Least bytes");
  assertEquals(numbered(rows, 0, 1), record.RECORD_TYPES);
  const least = Object.entries(LEAST).map(([type, one]) => [type, record.encodeRecord(one).length - 4]);
  assertEquals(numbered(rows, 0, 2), Object.fromEntries(least));
});

Deno.test("docs/protocol.md names the flags of a meet", () => {
  const values = { follow: true, leads: true, ask: true, again: true, proof: new Uint8Array(64) };
  const flags = Object.entries(values).map(([flag, value]) => {
    const meet = record.encodeRecord({ ...LEAST.meet, [flag]: value } as record.WireRecord);
    return [flag, meet[4 + id.ROOM_ID_BYTES]];
  });
  assertEquals(numbered(tableOf("Flag", "Bit"), 0, 1), Object.fromEntries(flags));
});

Deno.test("docs/protocol.md names the kinds of frames", () => {
  assertEquals(numbered(tableOf("Kind", "Number", "Body"), 0, 1), {
    handshake: session.HANDSHAKE_FRAME,
    records: session.RECORDS_FRAME,
    stream: stream.STREAM_FRAME,
  });
});

Deno.test("docs/protocol.md names the kinds of beacons, and where their texts begin", () => {
  const draft = {
    instance: 1,
    counter: 1,
    beatSeconds: 1,
    rendezvousPort: 9999,
    merit: 1,
    name: "alice",
    rooms: [],
  };
  const kinds = (["hello", "answer", "beat"] as const satisfies readonly BeaconKind[]).map((kind) => [
    kind,
    encodeBeacon({ kind, ...draft }, ALICE.signer)[5],
  ]);
  assertEquals(numbered(tableOf("Kind", "Number", "Who answers"), 0, 1), Object.fromEntries(kinds));
  const sizes = tableOf("Bytes", "What").map(([size]) => size);
  const before = sizes.slice(0, sizes.indexOf("1 + n")).reduce((sum, size) => sum + Number(size), 0);
  assertEquals(encodeBeacon({ kind: "hello", ...draft }, ALICE.signer)[before], "alice".length);
});

Deno.test("docs/protocol.md names every code of an end, and says what it means", () => {
  const rows = tableOf("Number", "Code", "Means").map(([number, code = "", says]) => [
    code,
    { wire: Number(number), says },
  ]);
  assertEquals(Object.fromEntries(rows), PROTOCOL_CODES);
});

Deno.test("docs/protocol.md names the fields of an entry in their order", () => {
  const first = founding();
  const fields: Record<string, unknown> = {
    ...first,
    body: first.body,
    version: entryLine.ENTRY_VERSION,
    room: "",
  };
  const signed: unknown[] = JSON.parse(first.line).e;
  const rows = tableOf("Place", "Field", "JSON");
  assertEquals(rows.map(([place]) => Number(place)), signed.map((_, index) => index));
  assertEquals(rows.map(([, field = ""]) => fields[field]), signed);
});

Deno.test("the example lines of docs/protocol.md are signed entries, the second behind the first", () => {
  const lines = [...protocol.matchAll(/^\{"e":\[1,[^]+?"\}$/gm)].map(([text]) => text.replaceAll("\n ", ""));
  const entries = lines.map(read);
  const [first, second] = entries;
  assertEquals(entries.map((one) => entry.isSigned(one, CRYPTO)), [true, true]);
  assertEquals([second?.room, second?.prev], [first?.room, first?.hash]);
});

Deno.test("docs/protocol.md lists every limit of the protocol with its value", () => {
  const listed = new Map(
    tableOf("Where", "Constant", "Value").map(([where, constant, value]) => [
      `${where} ${constant}`,
      numberOf(value),
    ]),
  );
  const all = numbersOf({ ...WHOLE, ...IN_PART });
  for (const [key, value] of listed) assertEquals(all.get(key), value, key);
  for (const key of numbersOf(WHOLE).keys()) assert(listed.has(key), `${key} is missing`);
});

Deno.test("the contents of docs/protocol.md lead to its sections", () => {
  const sections = [...protocol.matchAll(/^## (.+)$/gm)].map(([, title = ""]) => title);
  const links = [...protocol.matchAll(/\]\(#([a-z-]+)\)/g)].map(([, anchor]) => anchor);
  assertEquals(links, sections.map((title) => title.toLowerCase().replaceAll(" ", "-")));
});

/** Every number that the modules export, as "file NAME". */
function numbersOf(modules: Readonly<Record<string, object>>): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const [file, module] of Object.entries(modules)) {
    for (const [constant, value] of Object.entries(module)) {
      if (typeof value === "number") numbers.set(`${file} ${constant}`, value);
    }
  }
  return numbers;
}

/** The cells of the first table whose head begins with these columns. */
function tableOf(...columns: readonly string[]): string[][] {
  const lines = protocol.split("\n");
  const head = lines.findIndex((text) => text.startsWith(`| ${columns.join(" | ")} |`));
  assert(head >= 0, `no table of ${columns}`);
  const rest = lines.slice(head + 2);
  const length = rest.findIndex((text) => !text.startsWith("|"));
  assert(length > 0);
  return rest.slice(0, length).map((row) => row.split("|").slice(1, -1).map((cell) => cell.trim()));
}

/** A table's column of names, each with the number in another column. */
function numbered(rows: readonly string[][], names: number, numbers: number): Record<string, number> {
  return Object.fromEntries(rows.map((cells) => [cells[names] ?? "", numberOf(cells[numbers])]));
}

/** The number that is written with commas between thousands. */
function numberOf(text: string | undefined): number {
  assert(text !== undefined && /^\d{1,3}(?:,\d{3})*$/.test(text), `"${text}" is no number`);
  return Number(text.replaceAll(",", ""));
}
