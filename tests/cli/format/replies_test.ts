import { message } from "../../../src/messages/message.ts";
import { assert, assertEquals } from "@std/assert";
import { formatNewcomer } from "../../../src/cli/format/people.ts";
import {
  formatAcceptReply,
  formatAwayReply,
  formatBlockReply,
  formatConnectReply,
  formatDisconnectReply,
  formatIgnoreReply,
  formatImportReply,
  formatInviteReply,
  formatListenReply,
  formatMembersReply,
  formatNoteReply,
  formatRenewReply,
  formatRequestsReply,
  formatSearchReply,
  formatWordsReply,
} from "../../../src/cli/format/replies.ts";
import type { FormatContext } from "../../../src/cli/format/entries.ts";
import { PAINTED, PLAIN } from "../../../src/cli/format/style.ts";
import { ALICE, BOB, KITCHEN, logRow, peerRow, roomRow, WITH_BOB } from "../../fixtures/cli/machine.ts";

const NOW: FormatContext = { nowMs: Date.parse("2026-01-01T00:02:30.000Z"), style: PLAIN, columns: null };
const IN_CHAT: FormatContext = { ...NOW, isChat: true };
const LINK = `earshot://10.0.0.2:9999/${KITCHEN}/${"s".repeat(26)}/${"a".repeat(16)}`;
const INVITED = { room: roomRow({ invited: true }), link: LINK, told: [] };

Deno.test("invitedShown prints the link alone where nothing is known of a terminal, or where it is wanted so", () => {
  const alone = ["Whoever has this link can join #Kitchen; keep it to those whom you invite:", LINK];
  assertEquals(formatInviteReply(INVITED, NOW).lines, alone);
  assertEquals(formatInviteReply(INVITED, { ...NOW, columns: 80, isQrRefused: true }).lines, alone);
  assertEquals(formatInviteReply({ ...INVITED, room: roomRow(), told: ["bob", "carol"] }, NOW).lines, [
    "Anybody near may join #Kitchen; with this link it is found at once:",
    LINK,
    "It was sent to bob, carol.",
  ]);
});

Deno.test("invitedShown and renewedShown print a QR code in a terminal that is wide enough", () => {
  for (
    const { shown, more } of [{ shown: formatInviteReply, more: [formatNewcomer(NOW)] }, {
      shown: formatRenewReply,
      more: [],
    }]
  ) {
    for (const style of [PLAIN, PAINTED]) {
      const { lines, rows } = shown(INVITED, { ...NOW, style, columns: 80 });
      assertEquals(lines.length, 2 + 1 + 21 + 1 + 1 + more.length);
      assertEquals(rows, [INVITED]);
      assertEquals(lines.slice(26), more);
      assert(lines[25]?.startsWith("Scan it with a phone"), lines[25]);
    }
    assertEquals(shown(INVITED, { ...NOW, columns: 40 }).lines.slice(1), [
      LINK,
      "The terminal is too narrow for a QR code: make it wider, or pass the link on.",
      ...more,
    ]);
  }
});

Deno.test("requestsShown says how to answer, as it is typed where it is read", () => {
  const request = { peer: peerRow({ name: "carol" }), roomId: WITH_BOB, rows: [] };
  const invitation = { roomId: KITCHEN, title: "Coffee corner", from: peerRow() };
  const requests = { requests: [request], invitations: [invitation] };
  assertEquals(formatRequestsReply(requests, IN_CHAT).lines, [
    "carol (bbbbbbbb) wants to talk to you:",
    "  /accept carol  to talk",
    "  /ignore carol  to let it be; they are not told",
    "  /block carol   to hear nothing of them any more",
    "",
    "bob (bbbbbbbb) invites you to #Coffee corner:",
    "  /join Coffee corner",
  ]);
  assertEquals(formatRequestsReply(requests, NOW).lines.at(-1), '  earshot join "Coffee corner"');
  assertEquals(formatRequestsReply({ requests: [], invitations: [] }, NOW), {
    rows: [],
    lines: ["There are no requests: nobody whom you do not know has written to you."],
  });
});

for (const name of ["$(reboot)", "`reboot`", "a;b", "a|b", "a&b", "-x'", '"', "a b", "\\", "!!", "*", "~"]) {
  Deno.test(`Hints name somebody called ${name} by the id: a shell would make something else of the name`, () => {
    const peer = peerRow({ name });
    const lines = [
      ...formatRequestsReply({ requests: [{ peer, roomId: WITH_BOB, rows: [] }], invitations: [] }, NOW)
        .lines,
      ...formatAcceptReply({ peer, room: roomRow() }, NOW).lines,
      ...formatWordsReply({ peer, words: ["a"] }, NOW).lines,
      ...formatRequestsReply(
        { requests: [], invitations: [{ roomId: KITCHEN, title: `x${name}`, from: peer }] },
        NOW,
      )
        .lines,
    ];
    for (const line of lines) {
      const hint = /earshot .*/.exec(line)?.[0] ?? "";
      assert(!hint.includes(name) || name === "a b", line);
    }
    assert(formatIgnoreReply({ peer }, NOW).lines[0]?.endsWith("earshot contacts block bbbbbbbb"));
    assert(formatDisconnectReply({ peer }, IN_CHAT).lines[0]?.endsWith(`/connect ${name}`));
  });
}

Deno.test("wordsShown writes the words one below the other where there is no space beside", () => {
  const words = ["abandon", "ability", "able", "about", "above", "absent"];
  const { lines, rows } = formatWordsReply({ peer: peerRow({ verified: true }), words }, {
    ...IN_CHAT,
    style: PAINTED,
    columns: 20,
  });
  assertEquals(lines.slice(2, 8), words.map((word) => `    \x1b[1m${word.toUpperCase()}\x1b[0m`));
  assertEquals(lines.slice(-3), [
    "The same on both screens? Nobody is between you:  /verify bob yes",
    "Not the same? Do not trust this connection:  /verify bob no",
    "bob is verified already.",
  ]);
  assertEquals(rows, [{ peer: peerRow({ verified: true }), words }]);
});

Deno.test("Answers of one line say what became of it", () => {
  const lines = [
    formatNoteReply({ peer: peerRow() }, NOW),
    formatBlockReply({ peer: peerRow({ blocked: true }) }, IN_CHAT),
    formatAwayReply({ text: "lunch" }, IN_CHAT),
    formatListenReply({ port: 9998 }, NOW),
    formatConnectReply({ peer: peerRow(), rooms: [] }),
    formatSearchReply({ rows: [], count: 0 }, NOW),
    formatSearchReply({ rows: [logRow()], count: 1 }, NOW),
    formatImportReply({ added: [], knownCount: 2, broken: [] }, NOW),
    formatMembersReply({ room: roomRow({ title: "bob", direct: true }), members: [] }, NOW),
  ].map((shown) => shown.lines);
  assertEquals(lines, [
    ["The note about bob is gone."],
    [
      "bob (bbbbbbbb) is blocked: you hear nothing of them. If they try, they read that you refuse.",
      "What they said is kept, but not shown. To undo it: /unblock bob",
    ],
    ["You are away: lunch. To come back: /back"],
    ["Others reach you at TCP port 9998 now."],
    ["Connected to bob (bbbbbbbb), who is not hosting a room."],
    ["Nothing that was said has that in it."],
    ["2026-11-20", "14:03  [Kitchen] bob: hello"],
    ["0 contacts taken over. 2 lines said nothing new."],
    ["Nobody is in bob."],
  ]);
});

Deno.test("searchShown keeps the days and rooms of what it found apart", () => {
  const next = new Date(2026, 10, 21, 9, 5).toISOString();
  const rows = [
    logRow(),
    logRow({ room: "alice", roomId: WITH_BOB, author: ALICE, name: "alice", time: next, state: "passed" }),
  ];
  assertEquals(formatSearchReply({ rows, count: 7, rooms: [roomRow()] }, { ...NOW, columns: 80 }).lines, [
    "The newest 2 of 7:",
    "2026-11-20",
    "14:03  [#Kitchen] bob: hello",
    "2026-11-21",
    "09:05  [alice] alice: hello",
  ]);
  assertEquals(rows[0]?.author, BOB);
});

Deno.test("formatImportReply tells each kind of complaint once, with a count", () => {
  const notAddress = (line: number, text: string) => ({
    line,
    text,
    reason: `"${text}" is not an IP address`,
    reasonMessage: message("import.not-address", { text }),
  });
  const noAddress = message("import.card-without-address");
  const broken = [
    notAddress(2, "x"),
    { line: 3, text: "BEGIN:VCARD", reason: "the card has no IP address", reasonMessage: noAddress },
    notAddress(7, "y"),
    notAddress(8, "z"),
  ];
  assertEquals(formatImportReply({ added: [], knownCount: 0, broken }, NOW).lines, [
    "0 contacts taken over.",
    'Line 2 and 2 lines like it were left out: "x" is not an IP address',
    "Line 3 was left out: the card has no IP address",
  ]);
});
