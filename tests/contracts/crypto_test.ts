import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { createNativeAead, createNobleAead, denoCrypto, hasNativeAead } from "../../src/deno/crypto.ts";
import { cryptoContract } from "./crypto.ts";

cryptoContract("denoCrypto", () => denoCrypto());
cryptoContract("denoCrypto with @noble/ciphers", () => denoCrypto({ aead: createNobleAead }));

Deno.test({
  name: "nativeAead and nobleAead seal alike and open each other's boxes",
  ignore: !hasNativeAead(), // Deno 2.4 has only one of them.
  fn: () => {
    const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
    const data = fc.uint8Array({ maxLength: 2_000 });
    fc.assert(fc.property(bytes(32), bytes(12), data, data, (key, nonce, plain, associated) => {
      const sealed = createNativeAead(key).seal(nonce, plain, associated);
      assertEquals(createNobleAead(key).seal(nonce, plain, associated), sealed);
      assertEquals(createNobleAead(key).open(nonce, sealed, associated), plain);
      assertEquals(createNativeAead(key).open(nonce, sealed, associated), plain);
    }));
  },
});
