import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { denoCrypto } from "../../src/deno/crypto.ts";
import { ProtocolError } from "../../src/errors.ts";
import { CipherState, encodeNonce, Handshake } from "../../src/wire/noise.ts";
import vector from "./vectors/noise_xx.json" with { type: "json" };

const CRYPTO = denoCrypto();
const NOTHING = new Uint8Array(0);

Deno.test("Handshake writes and reads every message of the published vector, as either side", () => {
  const [initiator, responder] = vectorPair();
  for (const [index, { payload, ciphertext }] of vector.messages.slice(0, 3).entries()) {
    const [writer, reader] = index % 2 === 0 ? [initiator, responder] : [responder, initiator];
    assertEquals(toHex(writer.writeMessage(hex(payload))), ciphertext, `message ${index}`);
    assertEquals(toHex(reader.readMessage(hex(ciphertext))), payload, `message ${index}`);
  }
  for (const side of [initiator, responder]) {
    assert(side.isDone);
    assertEquals(toHex(side.handshakeHash), vector.handshakeHash);
  }
  assertEquals(initiator.remoteStatic, CRYPTO.dhKey(hex(vector.responder.static)).publicKey);
  assertEquals(responder.remoteStatic, CRYPTO.dhKey(hex(vector.initiator.static)).publicKey);
});

Deno.test("Handshake.split gives the ciphers of the published vector, each to its direction", () => {
  const [initiator, responder] = finished(vectorPair(), vector.messages.map(({ payload }) => hex(payload)));
  const initiators = initiator.split();
  const responders = responder.split();
  for (const [index, { payload, ciphertext }] of vector.messages.slice(3).entries()) {
    const [writer, reader] = index % 2 === 0 ? [responders, initiators] : [initiators, responders];
    assertEquals(toHex(writer.send.seal(hex(payload), NOTHING)), ciphertext, `transport message ${index}`);
    assertEquals(toHex(reader.receive.open(hex(ciphertext), NOTHING)), payload, `transport message ${index}`);
  }
});

Deno.test("Handshake refuses each message that was changed in any byte", () => {
  for (let index = 0; index < 3; index++) {
    const size = vectorMessage(index).length;
    for (let at = 0; at < size; at++) {
      const changed = vectorMessage(index);
      changed[at] = (changed[at] ?? 0) ^ 0x40;
      if (index > 0) {
        assertBadHandshake(() => readerBefore(index).readMessage(changed));
        continue;
      }
      // The first message is in clear: what was changed there, the initiator notices with the second.
      const responder = readerBefore(0);
      responder.readMessage(changed);
      const answer = responder.writeMessage(NOTHING);
      assertBadHandshake(() => readerBefore(1).readMessage(answer));
    }
  }
});

Deno.test("Handshake refuses each message that was cut anywhere", () => {
  const smallest = [32, 32 + 48 + 16, 48 + 16];
  for (const [index, bytes] of smallest.entries()) {
    const whole = vectorMessage(index);
    for (let size = 0; size < whole.length; size++) {
      const isInClear = index === 0 && size >= bytes;
      if (isInClear) assertEquals(readerBefore(0).readMessage(whole.subarray(0, size)).length, size - bytes);
      else assertBadHandshake(() => readerBefore(index).readMessage(whole.subarray(0, size)));
    }
  }
});

Deno.test("Handshake refuses a message with bytes behind it", () => {
  for (const index of [1, 2]) {
    assertBadHandshake(() => readerBefore(index).readMessage(Uint8Array.from([...vectorMessage(index), 0])));
  }
});

Deno.test("Handshake refuses a message above 65,535 bytes, and writes none", () => {
  assertBadHandshake(() => readerBefore(0).readMessage(new Uint8Array(65_536)));
  const [initiator] = vectorPair();
  assertThrows(() => initiator.writeMessage(new Uint8Array(65_536 - 32)), RangeError);
  assertEquals(vectorPair()[0].writeMessage(new Uint8Array(65_535 - 32)).length, 65_535);
});

Deno.test("Handshake refuses an ephemeral key of low order", () => {
  for (const first of [0, 1]) {
    const responder = readerBefore(0);
    responder.readMessage(new Uint8Array(32).fill(first, 0, 1));
    assertBadHandshake(() => responder.writeMessage(NOTHING));
    assertBadHandshake(() => readerBefore(1).readMessage(new Uint8Array(200).fill(first, 0, 1)));
  }
});

Deno.test("Handshake is dead for good after a failure", () => {
  const initiator = readerBefore(1);
  assertBadHandshake(() => initiator.readMessage(new Uint8Array(120)));
  for (const call of allCalls(initiator)) assertNotProtocolError(call);
  assertThrows(() => initiator.readMessage(vectorMessage(1)), Error, "dead");
  assertEquals(initiator.isDone, false);
});

Deno.test("Handshake refuses a peer's message out of turn", () => {
  const [initiator, responder] = vectorPair();
  assertBadHandshake(() => initiator.readMessage(vectorMessage(0)));
  responder.readMessage(vectorMessage(0));
  assertBadHandshake(() => responder.readMessage(vectorMessage(2)));
  const [done] = finished(vectorPair(), [NOTHING, NOTHING, NOTHING]);
  assertThrows(() => done.readMessage(new Uint8Array(100)), ProtocolError, "out of turn");
});

Deno.test("Handshake throws at a caller who writes, splits or asks out of turn", () => {
  const [initiator, responder] = vectorPair();
  assertNotProtocolError(() => responder.writeMessage(NOTHING));
  assertNotProtocolError(() => initiator.handshakeHash);
  assertNotProtocolError(() => initiator.split());
  assertEquals(initiator.remoteStatic, null);
  initiator.writeMessage(NOTHING);
  assertNotProtocolError(() => initiator.writeMessage(NOTHING));
});

Deno.test("Handshake splits once: a second pair of ciphers would use each nonce twice", () => {
  const [initiator] = finished(vectorPair(), [NOTHING, NOTHING, NOTHING]);
  initiator.split();
  assertNotProtocolError(() => initiator.split());
  assertNotProtocolError(() => initiator.readMessage(new Uint8Array(64)));
  assertEquals(toHex(initiator.handshakeHash).length, 64);
});

Deno.test("Handshake fails between sides with different prologues", () => {
  const [initiator] = pair({ prologue: [Uint8Array.of(1), Uint8Array.of(2)] });
  const [, responder] = pair({ prologue: [Uint8Array.of(1), Uint8Array.of(2)] });
  responder.readMessage(initiator.writeMessage(NOTHING));
  assertBadHandshake(() => initiator.readMessage(responder.writeMessage(NOTHING)));
});

Deno.test("Handshake carries any payloads, and no two sessions have one hash or one key", () => {
  const secret = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const payload = fc.uint8Array({ maxLength: 300 });
  fc.assert(
    fc.property(fc.tuple(secret, secret), fc.tuple(payload, payload, payload), (ephemerals, payloads) => {
      fc.pre(String(ephemerals[0]) !== String(hex(vector.initiator.ephemeral)));
      const [initiator, responder] = finished(pair({ ephemerals }), payloads);
      assertEquals(initiator.handshakeHash, responder.handshakeHash);
      assertNotEquals(toHex(initiator.handshakeHash), vector.handshakeHash);
      const [ours, theirs] = [initiator.split(), responder.split()];
      const sealed = ours.send.seal(payloads[0], payloads[1]);
      assertEquals(theirs.receive.open(sealed, payloads[1]), payloads[0]);
      assertNotEquals(theirs.send.seal(payloads[0], payloads[1]), sealed);
    }),
  );
});

Deno.test("Handshake refuses whatever else a message may be", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), fc.constantFrom(1, 2), (garbage, index) => {
    assertBadHandshake(() => readerBefore(index).readMessage(garbage));
  }));
});

Deno.test("CipherState opens what was sealed in the same order, with the same associated data, and nothing else", () => {
  const [sender, receiver] = cipherPair();
  const [first, second] = [1, 2].map((value) => sender.seal(Uint8Array.of(value), Uint8Array.of(9)));
  assert(first !== undefined && second !== undefined);
  assertBadFrame(() => receiver.open(second, Uint8Array.of(9)));
  assertBadFrame(() => receiver.open(first, Uint8Array.of(8)));
  assertBadFrame(() => receiver.open(first.subarray(1), Uint8Array.of(9)));
  assertEquals([...receiver.open(first, Uint8Array.of(9))], [1]); // None of the failures used the nonce up.
  assertBadFrame(() => receiver.open(first, Uint8Array.of(9)));
  assertEquals([...receiver.open(second, Uint8Array.of(9))], [2]);
});

Deno.test("CipherState stops before it would use a nonce again", () => {
  const [sender, receiver] = cipherPair(Number.MAX_SAFE_INTEGER);
  const last = sender.seal(Uint8Array.of(1), NOTHING);
  assertEquals([...receiver.open(last, NOTHING)], [1]);
  assertThrows(() => sender.seal(Uint8Array.of(2), NOTHING), RangeError, "used up");
  assertThrows(() => sender.seal(Uint8Array.of(2), NOTHING), RangeError, "used up");
  assertThrows(() => receiver.open(last, NOTHING), RangeError, "used up");
});

Deno.test("nonceOf is four zero bytes and the counter in little-endian order", () => {
  assertEquals(toHex(encodeNonce(0)), "000000000000000000000000");
  assertEquals(toHex(encodeNonce(1)), "000000000100000000000000");
  assertEquals(toHex(encodeNonce(0x0102030405)), "000000000504030201000000");
  assertEquals(toHex(encodeNonce(Number.MAX_SAFE_INTEGER)), "00000000ffffffffffff1f00");
  for (const counter of [-1, 0.5, 2 ** 53, NaN]) {
    assertThrows(() => encodeNonce(counter), RangeError, "used up");
  }
});

interface PairOptions {
  readonly prologue?: readonly [Uint8Array, Uint8Array];
  readonly ephemerals?: readonly [Uint8Array, Uint8Array];
}

/** Two sides with the keys of the vector. */
function pair(options: PairOptions): [Handshake, Handshake] {
  const [initiatorsPrologue, respondersPrologue] = options.prologue ??
    [hex(vector.prologue), hex(vector.prologue)];
  const [initiators, responders] = options.ephemerals ??
    [hex(vector.initiator.ephemeral), hex(vector.responder.ephemeral)];
  const initiator = new Handshake({
    role: "initiator",
    crypto: CRYPTO,
    prologue: initiatorsPrologue,
    staticKey: CRYPTO.dhKey(hex(vector.initiator.static)),
    ephemeral: initiators,
  });
  const responder = new Handshake({
    role: "responder",
    crypto: CRYPTO,
    prologue: respondersPrologue,
    staticKey: CRYPTO.dhKey(hex(vector.responder.static)),
    ephemeral: responders,
  });
  return [initiator, responder];
}

function vectorPair(): [Handshake, Handshake] {
  return pair({});
}

function vectorMessage(index: number): Uint8Array {
  return hex(vector.messages[index]?.ciphertext ?? "");
}

/** The side of the vector that is about to read that message. */
function readerBefore(index: number): Handshake {
  const [initiator, responder] = vectorPair();
  const payloads = vector.messages.map(({ payload }) => hex(payload));
  const sides = [initiator, responder];
  for (let done = 0; done < index; done++) {
    const writer = sides[done % 2];
    const reader = sides[(done + 1) % 2];
    assert(writer !== undefined && reader !== undefined);
    reader.readMessage(writer.writeMessage(payloads[done] ?? NOTHING));
  }
  if (index % 2 === 1) return initiator;
  return responder;
}

function finished(
  [initiator, responder]: readonly [Handshake, Handshake],
  payloads: readonly Uint8Array[],
): [Handshake, Handshake] {
  const [first = NOTHING, second = NOTHING, third = NOTHING] = payloads;
  assertEquals(responder.readMessage(initiator.writeMessage(first)), first);
  assertEquals(initiator.readMessage(responder.writeMessage(second)), second);
  assertEquals(responder.readMessage(initiator.writeMessage(third)), third);
  return [initiator, responder];
}

function cipherPair(counter = 0): [CipherState, CipherState] {
  const aead = CRYPTO.aead(new Uint8Array(32).fill(3));
  return [new CipherState(aead, { counter }), new CipherState(aead, { counter })];
}

function allCalls(handshake: Handshake): (() => unknown)[] {
  return [
    () => handshake.writeMessage(NOTHING),
    () => handshake.readMessage(vectorMessage(1)),
    () => handshake.split(),
    () => handshake.handshakeHash,
  ];
}

function assertBadHandshake(call: () => unknown): void {
  assertEquals(assertThrows(call, ProtocolError).code, "bad-handshake");
}

function assertBadFrame(call: () => unknown): void {
  assertEquals(assertThrows(call, ProtocolError).code, "bad-frame");
}

/** A bug of the caller's: thrown, but not counted against the peer. */
function assertNotProtocolError(call: () => unknown): void {
  assert(!(assertThrows(call, Error) instanceof ProtocolError));
}

function hex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (byte) => parseInt(byte, 16));
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
