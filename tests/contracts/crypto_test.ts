import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { denoCrypto, hasNativeAead, nativeAead, nobleAead } from "../../src/deno/crypto.ts";
import { cryptoContract } from "./crypto.ts";

cryptoContract("denoCrypto", () => denoCrypto());
cryptoContract("denoCrypto with @noble/ciphers", () => denoCrypto({ aead: nobleAead }));

Deno.test({
  name: "nativeAead and nobleAead seal alike and open each other's boxes",
  ignore: !hasNativeAead(), // Deno 2.4 has only one of them.
  fn: () => {
    const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
    const data = fc.uint8Array({ maxLength: 2_000 });
    fc.assert(fc.property(bytes(32), bytes(12), data, data, (key, nonce, plain, associated) => {
      const sealed = nativeAead(key).seal(nonce, plain, associated);
      assertEquals(nobleAead(key).seal(nonce, plain, associated), sealed);
      assertEquals(nobleAead(key).open(nonce, sealed, associated), plain);
      assertEquals(nativeAead(key).open(nonce, sealed, associated), plain);
    }));
  },
});
