import { assertEquals } from "@std/assert";
import * as v from "valibot";
import { isObject, parseJson, parseObject } from "../../src/encoding/json.ts";
import { parseJsonAs } from "../../src/encoding/parse_json_as.ts";

Deno.test("parseJson returns any value, and undefined for what is no JSON", () => {
  assertEquals(['{"a":[1]}', "null", "false", '"x"'].map(parseJson), [{ a: [1] }, null, false, "x"]);
  for (const text of ["", "{", "{'a':1}", "undefined", "1 2"]) assertEquals(parseJson(text), undefined, text);
});

Deno.test("parseObject and isObject take objects only, and no lists", () => {
  assertEquals(parseObject('{"a":1}'), { a: 1 });
  for (const text of ["[]", "null", "1", '"a"', "{"]) assertEquals(parseObject(text), null, text);
  assertEquals([{}, [], null, undefined, "a"].map(isObject), [true, false, false, false, false]);
});

Deno.test("parseJsonAs returns what the schema describes, and null for anything else", () => {
  const schema = v.object({ version: v.literal(1), name: v.nullable(v.string()) });
  assertEquals(parseJsonAs(schema, '{"version":1,"name":null,"later":true}'), { version: 1, name: null });
  for (
    const text of ['{"version":2,"name":"a"}', '{"version":1}', '{"version":1,"name":3}', "null", "[]", "{"]
  ) {
    assertEquals(parseJsonAs(schema, text), null, text);
  }
});
