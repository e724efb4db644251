/** Parses JSON by a schema. The page does not load this file, and so not valibot. Pure. */

import * as v from "valibot";
import { parseJson } from "./json.ts";

/** The value in the text as the schema describes it, without unknown fields; null for anything else. */
export function parseJsonAs<const Schema extends v.GenericSchema>(
  schema: Schema,
  text: string,
): v.InferOutput<Schema> | null {
  const { success, output } = v.safeParse(schema, parseJson(text), { abortEarly: true });
  return success ? output : null;
}
