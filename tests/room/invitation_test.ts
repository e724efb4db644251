import { assert, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { foundRoom, isAdmitted, readProof, readRoomInfo } from "../../src/room/access.ts";
import { encodeBase64Url } from "../../src/encoding/base64url.ts";
import type { Entry } from "../../src/room/entry.ts";
import { deriveInvitationSigner, isInvitationProof, proveInvitation } from "../../src/room/invitation.ts";
import { Replica } from "../../src/room/replica.ts";
import { loadReplica } from "../../src/room/replica_loader.ts";
import {
  ALICE,
  BOB,
  bring,
  CAROL,
  CRYPTO,
  entryOf,
  founding,
  type Person,
  SALT,
  WALL_MS,
  write,
} from "../fixtures/room/people.ts";

const SECRET = new Uint8Array(16).fill(0x42);
const OTHER_SECRET = new Uint8Array(16).fill(0x43);

function invitedFounding(secret = SECRET): Entry {
  const made = { title: "Attic", salt: SALT, name: "alice", wallMs: WALL_MS };
  return foundRoom({ ...made, secret }, ALICE.signer, CRYPTO);
}

function invitedRoom(): Replica {
  const first = invitedFounding();
  const replica = new Replica(first.room, CRYPTO);
  assertEquals(replica.accept(first), "accepted");
  return replica;
}

function proofFor(who: Person, { room = invitedFounding().room, secret = SECRET } = {}): Uint8Array {
  return proveInvitation(secret, { room, author: who.id }, CRYPTO);
}

function joinOf(who: Person, body: string): Entry {
  return entryOf({ room: invitedFounding().room, number: 1, prev: "", kind: "join", body }, who);
}

Deno.test("foundRoom makes an invite-only room that names the secret's key, not the secret", () => {
  const first = invitedFounding();
  // Made with Python and OpenSSL: the HMAC with 16 times 0x42 over "earshot invitation key 1", and the Ed25519 key of that seed.
  const key = "nlq2ECQqNjkzF-2ewDVTBaNO6kkQjXqXeGYMYYKxD9M";
  assertEquals(first.body, ["Attic", "invited", "BwcHBwcHBwcHBwcHBwcHBw", key]);
  const info = readRoomInfo(first);
  assertEquals([info?.access, info?.title, info?.founders], ["invited", "Attic", [ALICE.id]]);
  assertEquals(encodeBase64Url(info?.invitationKey ?? new Uint8Array()), key);
  assert(!first.line.includes(encodeBase64Url(SECRET)));
  assertNotEquals(first.room, invitedFounding(OTHER_SECRET).room);
});

Deno.test("roomOf makes no invite-only room without a key", () => {
  for (const more of [[], [""], ["short"], [encodeBase64Url(new Uint8Array(31))]]) {
    const body = ["Attic", "invited", "salt", ...more];
    assertEquals(
      readRoomInfo(entryOf({ room: null, number: 1, prev: "", clock: 1, kind: "room", body })),
      null,
    );
  }
});

Deno.test("A proof is good for one peer, one room and one secret", () => {
  const { room } = invitedFounding();
  const key = deriveInvitationSigner(SECRET, CRYPTO).publicKey;
  const proof = proofFor(BOB);
  const isGood = (changes: object, bytes = proof) =>
    isInvitationProof(bytes, { room, author: BOB.id, key, ...changes }, CRYPTO);
  assert(isGood({}));
  assert(!isGood({ author: CAROL.id }), "somebody else's");
  assert(!isGood({ room: founding().room }), "of another room");
  assert(!isGood({ key: deriveInvitationSigner(OTHER_SECRET, CRYPTO).publicKey }), "of another secret");
  for (let at = 0; at < proof.length; at++) {
    assert(!isGood({}, proof.with(at, (proof[at] ?? 0) ^ 1)), `byte ${at}`);
  }
  assert(!isGood({}, proof.subarray(1)));
});

Deno.test("Replica of an invite-only room takes a join only with its author's own proof", () => {
  const stolen = encodeBase64Url(proofFor(BOB));
  const elsewhere = encodeBase64Url(proofFor(CAROL, { room: founding().room }));
  const guessed = encodeBase64Url(proofFor(CAROL, { secret: OTHER_SECRET }));
  for (const body of ["", "let me in", stolen, elsewhere, guessed, encodeBase64Url(new Uint8Array(64))]) {
    assertEquals(invitedRoom().accept(joinOf(CAROL, body)), "refused", body);
  }
  assertEquals(invitedRoom().accept(joinOf(CAROL, encodeBase64Url(proofFor(CAROL)))), "accepted");
});

Deno.test("Replica of an open room takes a join whatever it says", () => {
  const join = entryOf({ number: 1, prev: "", kind: "join", body: "of a later version" }, BOB);
  const info = readRoomInfo(founding());
  assert(info !== null && isAdmitted(join, info, CRYPTO));
});

Deno.test("Replica of an invite-only room tells who may have its entries", () => {
  const replica = invitedRoom();
  assert(replica.mayRead(ALICE.id, null), "its founder");
  assert(!replica.mayRead(BOB.id, null), "somebody without a proof");
  assert(!replica.mayRead(BOB.id, proofFor(CAROL)), "somebody with another's proof");
  assert(replica.mayRead(BOB.id, proofFor(BOB)), "somebody with a proof");
  write(replica, BOB, "join", encodeBase64Url(proofFor(BOB)));
  assert(replica.mayRead(BOB.id, null), "a member");
  write(replica, BOB, "leave");
  assert(replica.mayRead(BOB.id, null), "a member that left: what it said has to come back to it");
  assert(
    !new Replica(replica.id, CRYPTO).mayRead(ALICE.id, null),
    "nobody, as long as it is not known whom it lets in",
  );
});

Deno.test("proofOf finds in a join what it was let in with", () => {
  const proof = proofFor(BOB);
  assertEquals(readProof(joinOf(BOB, encodeBase64Url(proof))), proof);
  for (const body of ["", "x", ["list"]]) {
    assertEquals(readProof(entryOf({ kind: "join", number: 1, prev: "", body }, BOB)), null);
  }
});

Deno.test("reload leaves out a join that somebody wrote into the log without a proof", () => {
  const replica = invitedRoom();
  write(replica, BOB, "join", encodeBase64Url(proofFor(BOB)));
  const lines = [...replica.entries.map((entry) => entry.line), joinOf(CAROL, "").line];
  const again = new Replica(replica.id, CRYPTO);
  assertEquals(loadReplica(again, lines, CRYPTO), { unreadable: [], distrustedCount: 1, orphans: [] });
  assertEquals([again.isIn(BOB.id), again.isIn(CAROL.id)], [true, false]);
});

Deno.test("Replicas of an invite-only room agree on who is in, in whatever order the entries come", () => {
  const replica = invitedRoom();
  write(replica, BOB, "join", encodeBase64Url(proofFor(BOB)));
  write(replica, CAROL, "join", encodeBase64Url(proofFor(CAROL)));
  write(replica, CAROL, "text", "hello");
  fc.assert(
    fc.property(fc.shuffledSubarray([...replica.entries], { minLength: 4 }), (entries) => {
      const copy = new Replica(replica.id, CRYPTO);
      for (const entry of entries) copy.accept(entry);
      bring(replica, copy);
      assertEquals(copy.entries.map((entry) => entry.hash), replica.entries.map((entry) => entry.hash));
    }),
    { numRuns: 50 },
  );
});
